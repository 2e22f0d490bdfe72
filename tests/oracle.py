"""
A brute-force reading of the codebook's rules, written apart from the package.

It goes pair by pair and takes nothing from claimbook. A claim is a dict of the columns of
claims.csv; a vocabulary is a list of dicts of those of vocabulary.csv.
"""

from itertools import combinations

USE_TREE = {
    "effect": {"use"}, "adjunct": {"use"}, "contraindication": {"use"}, "pain": {"effect"},
    "function": {"effect"}, "sleep": {"effect"}, "blood flow": {"mechanism"},
}  # fmt: skip
FACETS = ("condition", "intervention", "aspect")
SCALE = {
    "for": 2, "conditional for": 1, "uncertain": 0, "conditional against": -1, "against": -2,
}  # fmt: skip


class Rules:
    """The rules over one vocabulary."""

    def __init__(self, vocabulary=(), scale=None):
        self.scale = SCALE if scale is None else scale
        self.joined = {}
        self.up = {}
        for aspect, above in USE_TREE.items():
            self.up["aspect", aspect] = set(above)
        for row in vocabulary:
            key = row["scheme"], row["term"]
            self.up.setdefault(key, set()).update(self.split(row.get("broader", "")))
            self.joined.setdefault(key, {row["term"]}).update(self.split(row.get("same_as", "")))

    @staticmethod
    def split(cell):
        return {part.strip() for part in cell.split(";") if part.strip()}

    def same(self, scheme, term):
        """All terms that are one with a term."""
        found = {term}
        while True:
            more = set(found)
            for (name, other), others in self.joined.items():
                if name == scheme and (others | {other}) & found:
                    more |= others | {other}
            if more == found:
                return frozenset(found)
            found = more

    def steps_up(self, scheme, term):
        """Steps to each group of terms above a term."""
        steps, level, count = {}, {self.same(scheme, term)}, 0
        while level:
            count += 1
            level = {
                self.same(scheme, above)
                for group in level
                for member in group
                for above in self.up.get((scheme, member), ())
            }
            level -= set(steps)
            for group in level:
                steps[group] = count
        return steps

    def facet(self, scheme, one, other):
        """How two terms of a facet meet: equal, broader, narrower, sibling or None; and steps."""
        a, b = self.same(scheme, one), self.same(scheme, other)
        if a == b:
            return "equal", 0
        if a in self.steps_up(scheme, other):
            return "broader", self.steps_up(scheme, other)[a]
        if b in self.steps_up(scheme, one):
            return "narrower", self.steps_up(scheme, one)[b]
        if scheme == "aspect":
            branches = [self.branches(term) for term in (one, other)]
            if all(branches) and not branches[0] & branches[1]:
                return "sibling", 0
        return None, 0

    def branches(self, aspect):
        above = [self.same("aspect", aspect), *self.steps_up("aspect", aspect)]
        use = self.same("aspect", "use")
        return {
            group
            for group in above
            if any(
                use == self.same("aspect", up)
                for m in group
                for up in self.up.get(("aspect", m), ())
            )
        }

    def meet(self, one, other):
        """Scope, how the aspects meet, which is broader (1, 2 or 0), steps; None if they do not."""
        how = [self.facet(facet, one[facet], other[facet]) for facet in FACETS]
        if any(name is None for name, _ in how):
            return None
        names = {name for name, _ in how}
        broader, narrower = "broader" in names, "narrower" in names
        scope = "crossed" if broader and narrower else "nested" if broader or narrower else "same"
        aspects = {"equal": "same", "sibling": "sibling"}.get(how[2][0], "nested")
        which = 0 if scope != "nested" else 1 if broader else 2
        return scope, aspects, which, sum(steps for _, steps in how)

    def score(self, claim):
        return self.scale.get(claim["recommendation"])

    def side(self, claim):
        score = self.score(claim)
        return 0 if not score else 1 if score > 0 else -1

    def relation(self, one, other):
        if one["recommendation"] == other["recommendation"]:
            return "agree"
        return "conflict" if self.side(one) * self.side(other) < 0 else "qualify"

    def kind(self, one, other):
        met = self.meet(one, other)
        if met is None or self.relation(one, other) != "conflict":
            return ""
        scope, _, which, _ = met
        above = {0: None, 1: one, 2: other}[which]
        direct = scope == "same" or (above is not None and above.get("universal") == "yes")
        if one["source"] != other["source"]:
            return "direct" if direct else "exception" if scope == "nested" else "overlap"
        if one.get("speaker", "") != other.get("speaker", ""):
            return "reported"
        return "self-contradiction" if direct else "care"

    def relations(self, claims):
        """A set of frozen rows, one for each pair that meets."""
        rows = []
        for one, other in combinations(claims, 2):
            met = self.meet(one, other)
            if met is None:
                continue
            scope, aspects, which, _ = met
            scores = self.score(one), self.score(other)
            distance = None if None in scores else abs(scores[0] - scores[1])
            broader = {0: "", 1: one["claim_id"], 2: other["claim_id"]}[which]
            rows.append(
                (
                    one["claim_id"], other["claim_id"], self.relation(one, other), scope, aspects,
                    distance, broader, one["source"] == other["source"], self.kind(one, other),
                )
            )  # fmt: skip
        return rows

    def question(self, claim, gather):
        terms = []
        for facet in FACETS:
            group = self.same(facet, claim[facet])
            goal = self.same(facet, gather[facet]) if facet in gather else None
            terms.append(goal if goal in self.steps_up(facet, claim[facet]) else group)
        return tuple(terms)

    def verdicts(self, claims, **gather):
        """The verdict on each question."""
        questions = {}
        for claim in claims:
            questions.setdefault(self.question(claim, gather), []).append(claim)
        verdicts = {}
        for question, members in questions.items():
            kinds = {self.kind(one, other) for one, other in combinations(members, 2)}
            if "direct" in kinds:
                verdict = "conflict"
            elif "self-contradiction" in kinds:
                verdict = "self-contradiction"
            elif len({claim["source"] for claim in members}) == 1:
                verdict = "single source"
            elif len({claim["recommendation"] for claim in members}) > 1:
                verdict = "qualify"
            else:
                verdict = "agree"
            verdicts[question] = verdict
        return verdicts

    def fidelity(self, claim, claims):
        """The fidelity of a claim, and the ids of the nearest findings."""
        if not claim["cited_study"]:
            return ("untraceable" if claim["attribution"] else "uncredited"), set()
        findings = [other for other in claims if other["source"] == claim["cited_study"]]
        if not findings:
            return "not coded", set()
        ranked = []
        for finding in findings:
            met = self.meet(claim, finding)
            if met is not None:
                scope, _, which, steps = met
                place = ("same", "nested", "crossed").index(scope)
                differ = self.same("aspect", claim["aspect"]) != self.same(
                    "aspect", finding["aspect"]
                )
                broader = scope == "crossed" or which == 1
                ranked.append(((place, steps, differ), finding, broader))
        if not ranked:
            return "off topic", set()
        nearest = min(rank for rank, _, _ in ranked)
        near = [(finding, broader) for rank, finding, broader in ranked if rank == nearest]
        answers = {self.hold(claim, finding, broader) for finding, broader in near}
        ids = {finding["claim_id"] for finding, _ in near}
        return (answers.pop() if len(answers) == 1 else "mixed"), ids

    def hold(self, claim, finding, broader):
        if claim["recommendation"] == finding["recommendation"]:
            return "overgeneralised" if broader else "faithful"
        claimed, found = self.score(claim), self.score(finding)
        if claimed * found < 0:
            return "contradicted"
        return "overstated" if abs(claimed) > abs(found) else "understated"
