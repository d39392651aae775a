"""What people say and write to each other, with who and when: mail, chats and subtitles."""
