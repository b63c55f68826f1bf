"""Registers: the tables that people edit, how each field is declared, and the only ways to read and write them."""
