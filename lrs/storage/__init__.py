"""The only place that knows SQL: tables, the connection, and one module for each noun.

Every function takes an open connection first and never commits; whoever opened the transaction ends it.
Nothing here imports Flask.
"""
