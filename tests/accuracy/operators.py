"""The list of operators: planted faults and harmless changes, each with the rule it is about and what it expects.

An operator changes a page that keeps the law and says what is then true. It returns False where it has nothing to
change on that page; the generator then offers it another page.
"""

import dataclasses

ALL = {}


@dataclasses.dataclass
class Operator:
    """One named change."""

    name: str
    kind: str  # fault or harmless
    rule: str  # the rule a fault is about; "" for harmless changes
    roles: tuple
    change: object  # function of (page, random)
    pairs: bool = True  # may be joined with another

    def __call__(self, page, r):
        return self.change(page, r)


def fault(rule, roles=("portal", "component"), pairs=True):
    """Marks a function as a planted fault of a rule."""
    def keep(f):
        name = f.__name__.strip("_").replace("_", "-")
        assert name not in ALL, name
        ALL[name] = Operator(name, "fault", rule, roles, f, pairs)
        return f
    return keep


def harmless(roles=("portal", "component"), pairs=True):
    """Marks a function as a change after which everything is as before."""
    def keep(f):
        name = f.__name__.strip("_").replace("_", "-")
        assert name not in ALL, name
        ALL[name] = Operator(name, "harmless", "", roles, f, pairs)
        return f
    return keep


def named(name, maker, *rest, **also):
    """Registers a function made in a loop under its name."""
    def change(page, r):
        return maker(page, r, *rest)
    change.__name__ = name
    return also.pop("mark")(change)
