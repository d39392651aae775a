"""Files of office programs: Word, PowerPoint, Excel, OpenDocument and RTF, each with its own module."""
