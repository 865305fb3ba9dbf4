"""What the columns of a start list or a result list mean, guessed by their headers.

Headers in any case and spacing, in English, German, French and Spanish, as RACE RESULT, RunSignup,
UltraSignup, ChronoTrack and Athlinks write them. A column that means nothing here is dropped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum

from tentqueue.domain.said import Said


class Meaning(StrEnum):
    """What a column tells."""

    BIB = "bib"
    NAME = "name"
    FIRST = "first"
    LAST = "last"
    CONTEST = "contest"
    WAVE = "wave"
    START = "start"
    GUN = "gun"
    CHIP = "chip"
    FINISH = "finish"
    STATUS = "status"


SENTENCES: dict[Meaning, Said] = {
    Meaning.BIB: Said("Bib"),
    Meaning.NAME: Said("Name"),
    Meaning.FIRST: Said("First name"),
    Meaning.LAST: Said("Last name"),
    Meaning.CONTEST: Said("Contest"),
    Meaning.WAVE: Said("Wave"),
    Meaning.START: Said("Own start, time of day"),
    Meaning.GUN: Said("Gun time, from the wave's start"),
    Meaning.CHIP: Said("Chip time, from the own start"),
    Meaning.FINISH: Said("Finish, time of day"),
    Meaning.STATUS: Said("Status: DNF, DNS, DSQ"),
}

_SURE: dict[Meaning, str] = {
    Meaning.BIB: """bib bibno bibnr bibnum bibnumber bibid racenumber raceno racebib startnumber
        startno startnr startnum startnummer stnr snr brustnummer dossard nodossard ndossard
        numdossard numerodossard numerodedossard dorsal ndorsal nodorsal numerodorsal
        numerodedorsal athletebib runnerbib runnernumber participantnumber""",
    Meaning.NAME: """fullname athlete athletename runner runnername participant participantname
        teilnehmer teilnehmername anzeigename nameanzeige displayname coureur corredor atleta
        participante nomcomplet nomprenom nomprénom nombrecompleto nombreyapellidos""",
    Meaning.FIRST: "first firstname givenname forename vorname prenom nombrepropio",
    Meaning.LAST: """last lastname surname familyname nachname familienname zuname nomdefamille
        apellido apellidos""",
    Meaning.CONTEST: """contest contestname race racename eventname subevent subeventname
        wettbewerb wettbewerbname bewerb lauf strecke distanz distance epreuve parcours course
        carrera prueba distancia evento competition""",
    Meaning.WAVE: """wave wavename startwave startgroup startblock startgruppe startwelle welle
        corral block vague sas sasdepart ola oleada cajon cajondesalida pen""",
    Meaning.START: """starttime starttimeofday starttod startzeit startuhrzeit startzeituhr
        actualstart actualstarttime chipstart chipstarttime netstart heuredepart heurededepart
        horasalida horadesalida""",
    Meaning.GUN: """gun guntime gunfinish clock clocktime gross grosstime brutto bruttozeit
        zeitbrutto officialtime tempsofficiel tempsbrut brut tiempooficial tiempobruto
        tiempopistola bruto oficial""",
    Meaning.CHIP: """chip chiptime chipfinish net nettime netto nettozeit zeitnetto tempsreel
        tempspuce tempsnet reel tiemponeto tiempochip tiemporeal neto""",
    Meaning.FINISH: """finishtimeofday finishtod timeofday timeofdayfinish tod zieluhrzeit uhrzeit
        uhrzeitziel tageszeit zieleinlauf ankunft arrivaltime heurearrivee heuredarrivee arrivee
        horallegada horadellegada horameta llegada finishedat finishtimestamp finishdatetime
        timestamp""",
    Meaning.STATUS: """status racestatus resultstatus finishstatus entrystatus statut estado
        etat""",
}
_UNSURE: dict[Meaning, str] = {
    Meaning.BIB: "no nr num number nummer numero",
    Meaning.NAME: "name nom nombre",
    Meaning.CONTEST: "event",
    Meaning.START: "start depart salida",
    Meaning.GUN: """time finishtime racetime elapsed elapsedtime totaltime finaltime result zeit
        endzeit zielzeit laufzeit ergebnis gesamtzeit temps tempsfinal tiempo tiempofinal
        resultado""",
    Meaning.FINISH: "finish ziel heure hora meta",
}
SURE = {word: meaning for meaning, words in _SURE.items() for word in words.split()}
UNSURE = {word: meaning for meaning, words in _UNSURE.items() for word in words.split()}
_OTHER = re.compile(r"[^a-z0-9]+")


def plain_header(header: str) -> str:
    """A header without case, accents, spaces and signs: `Gun Time` is `guntime`."""
    marked = unicodedata.normalize("NFKD", header[:200]).casefold()
    return _OTHER.sub("", marked)


def guess(headers: Iterable[str]) -> dict[int, Meaning]:
    """Guess what each column means, by number from 0; the first of two that mean one counts."""
    plain = [plain_header(header) for header in headers]
    found: dict[Meaning, int] = {}
    for words in (SURE, UNSURE):
        for number, word in enumerate(plain):
            meaning = words.get(word)
            if meaning is not None and number not in found.values():
                found.setdefault(meaning, number)
    _family_name(plain, found)
    return {number: meaning for meaning, number in sorted(found.items(), key=lambda one: one[1])}


def _family_name(plain: list[str], found: dict[Meaning, int]) -> None:
    """Beside a first name `Name` and `Nom` are the last one; beside the last, `Nombre` the
    first."""
    name = found.get(Meaning.NAME)
    if name is None or plain[name] not in UNSURE:
        return
    if Meaning.FIRST in found:
        if Meaning.LAST not in found:
            found[Meaning.LAST] = name
        del found[Meaning.NAME]
    elif Meaning.LAST in found:
        found[Meaning.FIRST] = found.pop(Meaning.NAME)


def is_header(cells: Iterable[str]) -> bool:
    """Whether a row is the one with the headers: it names the bib, and no row of runners does."""
    plain = [plain_header(cell) for cell in cells]
    words = [word for word in plain if word in SURE or word in UNSURE]
    names_bib = any({**UNSURE, **SURE}[word] is Meaning.BIB for word in words)
    return names_bib and not any(word.isdigit() for word in plain)


def named(headers: list[str], chosen: Mapping[str, str]) -> dict[int, Meaning]:
    """Take the columns somebody chose, `meaning` by header or number from 1, over the guesses.

    Raises: KeyError naming what is not there; an empty header drops a guess.
    """
    columns = guess(headers)
    plain = [plain_header(header) for header in headers]
    for meaning_name, header in chosen.items():
        meaning = Meaning(meaning_name)
        columns = {number: m for number, m in columns.items() if m is not meaning}
        if not header:
            continue
        wanted = plain_header(header)
        if wanted and wanted in plain:
            number = plain.index(wanted)
        elif header.isdecimal() and 1 <= int(header) <= len(headers):
            number = int(header) - 1
        else:
            raise KeyError(header)
        columns[number] = meaning
    return columns
