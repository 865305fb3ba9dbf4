"""What leaves the house on paper, as PDF: posters, badges, tickets, table numbers, the report.

Pure: values in, bytes out. Never reads the tent, a clock or a database, and makes no codes.
"""
