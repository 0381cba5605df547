#!/usr/bin/env python3
"""Recounts the result of a competition from its published file, exactly, and compares.

    python3 recount.py FILE

It needs Python 3.9 or newer and nothing else, and shares no code with the application that made
the file. It ends with 0 if every number, place and award agrees, and with 1 if one does not.

The weighted mean of a proposal is the mean of its judges' totals: for each criterion the points
times the weight. The adjusted mean first takes out how severe each judge is: points are those of
the proposal plus those of the judge, by least squares, and the severities of the judges who wrote
several sheets sum to zero. Desk evaluation and presentation are computed apart, then weighed.
"""

import json
import sys
from collections import Counter, defaultdict
from fractions import Fraction
from itertools import groupby

KINDS = ("desk", "presentation")


def main(path):
    """Recount the file, print the result and every difference; return whether there is one."""
    with open(path, encoding="utf-8") as source:
        file = json.load(source)
    method = method_in_force(file)
    values = values_by(file, method)
    ranking = ranking_of(file, method, values)
    recounted = {"ranking": ranking, "awards": awards_of(file, ranking, values)}
    if "other" in file["published"]:
        other = "weighted" if method == "adjusted" else "adjusted"
        recounted["other"] = ranking_of(file, other, values_by(file, other))
    for line in ranking:
        print("%4s  %9.4f  %s" % (line["place"] or "-", Fraction(line["final"]), line["proposal"]))
    differences = [
        "%s: recounted %s, but published %s" % (part, line, said)
        for part, lines in recounted.items()
        for line, said in unequal(lines, file["published"][part])
    ]
    print("\n".join(differences) or "Everything agrees.")
    return bool(differences)


def unequal(recounted, published):
    """Return the pairs of lines that differ; None stands for a line that is missing."""
    longer = max(len(recounted), len(published))
    both = [lines + [None] * (longer - len(lines)) for lines in (recounted, published)]
    return [(line, said) for line, said in zip(*both) if line != said]


def shares_of(file):
    """Return what each kind of sheet gives to the result, of those that give something."""
    desk = Fraction(file["rules"]["desk_share"], 100)
    return {kind: share for kind, share in zip(KINDS, (desk, 1 - desk)) if share}


def method_in_force(file):
    """Return the method: the adjusted mean gives way where sheets don't connect all proposals."""
    if file["values_are"] in ("means", "adjusted"):  # computed by the method that was in force
        return "adjusted" if file["values_are"] == "adjusted" else "weighted"
    if file["rules"]["method"] == "weighted" or file["scope"] == "public":
        return "weighted"
    fits = [severities_of(file, kind) for kind in shares_of(file)]
    return "weighted" if None in fits else "adjusted"


def panels_of(file, kind):
    """Return what each judge gave each proposal; two sheets of one judge are their mean."""
    panels = {}
    for proposal in file["proposals"]:
        sheets = defaultdict(list)
        for place, sheet in enumerate(proposal["sheets"][kind]):
            sheets[sheet.get("judge", place)].append([Fraction(own) for own in sheet["values"]])
        panels[proposal["number"]] = {judge: mean_of(own) for judge, own in sheets.items()}
    return panels


def mean_of(rows):
    """Return the mean of each column."""
    return [sum(column) / len(rows) for column in zip(*rows)]


def values_by(file, method):
    """Return the points of each criterion, by kind of sheet and number of the proposal."""
    values = {}
    for kind in KINDS:
        panels = panels_of(file, kind)
        if method == "adjusted" and file["values_are"] == "sheets" and kind in shares_of(file):
            severities = severities_of(file, kind)
            for panel in panels.values():
                for judge, points in panel.items():
                    panel[judge] = [one - off for one, off in zip(points, severities[judge])]
        values[kind] = {number: mean_of(list(panel.values())) for number, panel in panels.items()}
    return values


def severities_of(file, kind):
    """Return how much more each judge gives, by criterion; None where not all can be compared."""
    panels = panels_of(file, kind)
    competing = {own["number"] for own in file["proposals"] if own["competes"]}
    part, judges, before = {min(competing)}, set(), 0
    while before < len(part):  # whom the sheets connect with the first
        before = len(part)
        judges |= {judge for number in part for judge in panels[number]}
        part |= {number for number, panel in panels.items() if judges & panel.keys()}
    if not competing <= part:
        return None
    order, width = sorted(judges), len(file["rules"]["criteria"][kind])
    sheets = Counter(judge for number in part for judge in panels[number])
    several = [judge for judge in order if sheets[judge] > 1] or order
    rows = [[Fraction(judge in several) for judge in order] + [Fraction(0)] * width]
    for judge in order[1:]:  # the equation of the first follows from those of the others
        row = [Fraction(0)] * (len(order) + width)
        for panel in (panels[number] for number in part if judge in panels[number]):
            row[order.index(judge)] += 1
            for other in panel:
                row[order.index(other)] -= Fraction(1, len(panel))
            above = zip(panel[judge], mean_of(list(panel.values())))
            row[len(order):] = [sum(pair) for pair in zip(row[len(order):], (a - b for a, b in above))]
        rows.append(row)
    found = dict.fromkeys((judge for panel in panels.values() for judge in panel), [Fraction(0)] * width)
    return {**found, **dict(zip(order, solved(rows)))}


def solved(rows):
    """Solve linear equations exactly; a row holds its coefficients, then its right sides."""
    for column in range(len(rows)):
        pivot = next(place for place in range(column, len(rows)) if rows[place][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for place in range(len(rows)):
            factor = rows[place][column]
            if place != column and factor:
                rows[place] = [a - factor * b for a, b in zip(rows[place], rows[column])]
    return [row[len(rows):] for row in rows]


def ranking_of(file, method, values):
    """Return the lines of the ranking, best first; fewer judges than the quorum have no place."""
    rules, panels, lines = file["rules"], panels_of(file, "presentation"), []
    for proposal in (own for own in file["proposals"] if own["competes"]):
        number = proposal["number"]
        judges = len(panels[number]) if file["values_are"] == "sheets" else proposal["judges"]
        parts = {
            kind: sum(
                points * Fraction(criterion["weight"]) / 100
                for points, criterion in zip(values[kind][number], rules["criteria"][kind])
            )
            for kind in shares_of(file)
        }
        final = sum(share * parts[kind] for kind, share in shares_of(file).items())
        kinds = KINDS if method == "weighted" else tuple(shares_of(file))
        ladder = [weighed(file, rung, number, values, kinds) for rung in rules["tie_break"]]
        lines.append((judges >= proposal["quorum"], final, ladder, -number, parts))
    lines.sort(key=lambda line: line[:4], reverse=True)
    finals = Counter(line[1] for line in lines)
    found = []
    for has_place, final, ladder, number, parts in lines:
        better = [own for own in lines if own[0] and (own[1], own[2]) > (final, ladder)]
        found.append({
            "proposal": -number,
            "place": len(better) + 1 if has_place else None,
            **{kind: str(parts[kind]) if kind in parts else None for kind in KINDS},
            "final": str(final),
            "tie_breakers": [str(own) for own in ladder] if finals[final] > 1 else [],
        })
    return found


def weighed(file, rung, number, values, kinds=KINDS):
    """Return the points for a criterion: over both kinds by their shares if both have it."""
    points = {}
    for kind in kinds:
        keys = [criterion["key"] for criterion in file["rules"]["criteria"][kind]]
        if rung.get(kind) in keys and values[kind].get(number):
            points[kind] = values[kind][number][keys.index(rung[kind])]
    if len(points) == 2:
        return sum(share * points[kind] for kind, share in shares_of(file).items())
    return sum(points.values(), Fraction(0))


def awards_of(file, ranking, values):
    """Return the awards in their order: by scores, unless decided, going on where a limit bars."""
    limit, held, given = file["rules"]["prize_limit"], {}, []
    placed = [line for line in ranking if line["place"]]
    proposals = {own["number"]: own for own in file["proposals"]}
    holder = {number: own["agency"] if limit == "agency" else number for number, own in proposals.items()}
    for award in file["rules"]["awards"]:
        decided = file["decisions"].get(award["key"], {"chosen": [], "places": {}})
        strength = {
            line["proposal"]: Fraction(-line["place"]) if award["kind"] == "ranking"
            else weighed(file, award["criterion"], line["proposal"], values)
            for line in placed
            if not award["only_for"] or award["only_for"] in proposals[line["proposal"]]["circles"]
        } if award["kind"] in ("ranking", "criterion") else {}
        winners, calculated = by_score(strength, award["places"], decided["chosen"], holder, held)
        if decided["places"]:
            winners = {int(number): place for number, place in decided["places"].items()}
        elif not strength:
            winners = dict.fromkeys(sorted(decided["chosen"]))
        order = sorted(winners, key=lambda number: (winners[number] or 0, number))
        given += [
            {"award": award["key"], "proposal": number, "place": winners[number],
             "calculated": calculated.get(number)} for number in order
        ]
        if award["kind"] != "mention" and limit != "none":
            held.update((holder[number], award["key"]) for number in winners)
    return given


def by_score(strength, places, chosen, holder, held):
    """Return who gets places by scores, and the places that scores give to all who may have one."""
    winners, calculated, better, taken = {}, {}, set(), set(held)
    for _, group in groupby(sorted(strength, key=lambda own: -strength[own]), key=strength.get):
        equals = list(group)
        able = [own for own in equals if holder[own] not in held]
        calculated.update({own: len(better) + 1 for own in able})
        better |= {holder[own] for own in able}
        free, left = [own for own in able if holder[own] not in taken], places - len(winners)
        if left > 0:
            enough = len(free) <= min(left, len({holder[own] for own in free}))
            group = free if enough else [own for own in free if own in chosen]
            winners.update(dict.fromkeys(group, len(winners) + 1))
            taken |= {holder[own] for own in group}
    return winners, calculated


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
