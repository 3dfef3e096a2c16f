# SPDX-License-Identifier: EUPL-1.2
"""What an attack is: a strike that ends in facts, rules about these facts, and for each rule a canary that breaks it."""


class Attack:
    number = 0      # place on the page
    name = ""       # for --only and --sabotage
    title = ""
    expected = ""
    rules = ()      # (what is wrong if it does not hold, function of the facts)
    weak = ()       # (what a product without this guard would show, members that differ or a function of the facts)

    @classmethod
    def strike(cls, world):
        """Attacks the running stack; returns the facts as a JSON object, numbers as they were read from the programs."""
        raise NotImplementedError

    @classmethod
    def judge(cls, seen):
        """The rules that these facts break."""
        return [wrong for wrong, holds in cls.rules if not holds(seen)]

    @classmethod
    def weakened(cls, seen):
        """The same facts as a product would show them that lacks one guard, each with a name."""
        return [(name, {**seen, **(patch(seen) if callable(patch) else patch)}) for name, patch in cls.weak]

    @classmethod
    def uncovered(cls, seen):
        """Rules that no canary breaks: nobody knows whether such a rule can fail."""
        broken = {wrong for _, weaker in cls.weakened(seen) for wrong in cls.judge(weaker)}
        return [wrong for wrong, _ in cls.rules if wrong not in broken]
