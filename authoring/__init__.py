"""Markdown in, learning packages out.

A course is a folder of YAML and of module pairs, one file in English and one in Welsh.
``load`` reads it into one bilingual ``Course``; ``check`` says everything that is wrong with it.
``render`` draws each module as one HTML document with both languages in it.
``packages`` lays those documents, the player and the control documents of one standard into a zip.
``build`` does the four in order; nothing is written before all of them have succeeded.
"""
