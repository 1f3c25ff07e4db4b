"""Everything that is written about people: who is invited, what they may do, how they sign in.

people          invite, correct
invitations     renew, reset, accept
memberships     request, decide, withdraw, end
standing        disable, enable, unlock
administrators  the first ones, made by a command
sign_in         a password or a code that was typed, and what came of it
second_factor   set up, remove, fresh recovery codes
password        changing one's own
sessions        opened, ended
tokens          keys for programs
"""
