"""What leaves the house on paper: posters, badges, tickets, table numbers and the report as PDF,
receipts as pictures.

Pure: values in, bytes out. Never reads the tent, a clock or a database, and makes no codes.
"""
