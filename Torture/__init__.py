"""Fault injection into the real program, from outside: six sweeps, one oracle, one table. README.md says how to use it."""
