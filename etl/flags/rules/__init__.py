"""The rules, a module each: a `RULE` and one function `flags(facts)` from the facts to the flags it raises.

One that has something to draw has `pictures(facts)` too. A module that lies here is a rule: nothing else names it.
"""
