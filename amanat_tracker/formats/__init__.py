"""How each language of the interface writes numbers and dates (settings.FORMAT_MODULE_PATH).

All three put the day first, begin the week on Monday and read what a date field of a browser sends (ISO).
"""
