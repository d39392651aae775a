"""Documents that admins send to the bot: their names and files, the collection that they join, and what people see.

`names` and `folder` keep what a person sends inside one folder; `collection` adds to the index and takes out of it;
`uploads` handles the messages and buttons.
"""
