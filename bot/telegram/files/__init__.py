"""The files that admins send: safe names, and one folder that holds them. No Telegram and no index in here."""
