// Starts telegram-test-api on a loopback port: node start_telegram_test_api.js FOLDER PORT, FOLDER holding node_modules.
//
// The package is of 2024 and stops short of what today's python-telegram-bot needs. In front of it stand the routes it
// lacks; each says what is missing behind it. /calls lists what the bot asked, /push queues an update of any kind.
const path = require('path');

const [folder, port] = process.argv.slice(2);
const modules = path.resolve(folder, 'node_modules');
const { TelegramServer } = require(path.join(modules, 'telegram-test-api', 'lib', 'telegramServer.js'));
const express = require(path.join(modules, 'express'));

const server = new TelegramServer({ port: Number(port), host: '127.0.0.1', storeTimeout: 3600 });
const app = express();
const calls = [];
let polls = 0;
const ok = (result) => ({ ok: true, result });

// a callback query without chat_instance, and no update that is neither message nor callback query
const formatUpdate = TelegramServer.formatUpdate;
TelegramServer.formatUpdate = (update) => {
  if (update.raw) return { update_id: update.updateId, ...update.raw };
  const formatted = formatUpdate(update);
  if (formatted.callback_query) formatted.callback_query.chat_instance = String(update.callbackQuery.message.chat.id);
  return formatted;
};

app.use(express.json({ limit: '1mb' }), express.urlencoded({ extended: true, limit: '1mb' }));
app.use('/bot:token/:method', (req, res, next) => {
  req.call = { method: req.params.method, body: { ...req.body }, result: null };
  if (req.params.method === 'getUpdates') polls += 1;
  else calls.push(req.call);
  next();
});
app.get('/calls', (req, res) => res.json({ polls, calls }));
app.post('/push', (req, res) => {
  server.storage.userMessages.push({ ...server.getCommonFields(req.body.botToken), raw: req.body.update });
  server.updateId += 1;
  server.messageId += 1;
  res.json(ok(server.messageId - 1));
});
app.all('/bot:token/getMe', (req, res) => {  // no is_bot
  const id = Number(req.params.token.split(':')[0]);
  const can = { can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: true };
  res.json(ok({ id, is_bot: true, first_name: 'Quoth', username: 'quoth_test_bot', ...can }));
});
app.all('/bot:token/getUpdates', async (req, res, next) => {  // it answers at once: wait a little, as Telegram does
  const until = Date.now() + Math.min(Number(req.body.timeout || 0), 1) * 1000;
  const waits = () => server.storage.userMessages.every((update) => update.botToken !== req.params.token || update.isRead);
  while (waits() && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
  if (!req.socket.destroyed) next();  // it gives an update away once only: not to a bot that is gone
});
app.all('/bot:token/sendMessage', (req, res) => {  // the date in milliseconds, no sender
  const bot = { id: Number(req.params.token.split(':')[0]), is_bot: true, first_name: 'Quoth' };
  const sent = server.addBotMessage({ ...req.body }, req.params.token);
  req.call.result = { message_id: sent.message_id, from: bot, chat: sent.chat, text: sent.text };
  req.call.result.date = Math.floor(sent.date / 1000);
  if (sent.reply_markup) req.call.result.reply_markup = sent.reply_markup;
  res.json(ok(req.call.result));
});
app.all('/bot:token/:edit(editMessageText|editMessageReplyMarkup)', (req, res) => {  // the answer is null
  server[req.params.edit]({ ...req.body });
  const chat = { id: Number(req.body.chat_id), type: 'private', first_name: 'Bot' };
  const date = Math.floor(Date.now() / 1000);
  req.call.result = { message_id: Number(req.body.message_id), chat, date, edit_date: date, text: req.body.text };
  res.json(ok(req.call.result));
});
const missing = 'sendChatAction|setMyCommands|setMyDescription|setMyShortDescription|setMessageReaction|answerInlineQuery';
app.all(`/bot:token/:method(${missing})`, (req, res) => res.json(ok(true)));  // HTTP 500
app.all('/bot:token/answerCallbackQuery', (req, res) => res.json(ok(true)));  // the answer is null
app.use(server.webServer);
server.webServer = app;
server.start();
