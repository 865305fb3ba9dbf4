"""Files as timing systems write them: their headers and habits, with rows of our own cast."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tentqueue.services.roster.reading import Kind


@dataclass(frozen=True)
class SystemFile:
    """One export: what it is, how it is written, and the columns that mean something."""

    name: str
    kind: Kind
    text: str
    encoding: str = "utf-8"
    columns: str = ""

    def put(self, folder: Path) -> Path:
        """Write it."""
        path = folder / f"{self.name}.csv"
        path.write_bytes(self.text.encode(self.encoding))
        return path


RACE_RESULT_STARTS = SystemFile(
    "race-result-starts",
    Kind.STARTS,
    "Startnr.;Nachname;Vorname;Jahrgang;Geschlecht;Verein;Wettbewerb;Startblock;E-Mail\r\n"
    "0101;Müller;Jürgen;1980;m;TSV Grün-Weiß;Half Marathon;A;jm@example.org\r\n"
    '0102;Öztürk;Ana;1991;w;"Lauf; Treff";Half Marathon;B;\r\n'
    "K7;Weiß;Ben;2010;m;;Kinderlauf;;\r\n",
    "cp1252",
    "bib last first contest wave",
)
RACE_RESULT_RESULTS = SystemFile(
    "race-result-results",
    Kind.RESULTS,
    "Riverside Half 2027;;;;;;\r\n\r\n"
    "Rang;Startnr.;Name;Wettbewerb;Zeit (brutto);Zeit (netto);Status\r\n"
    "1.;0101;MÜLLER Jürgen;Half Marathon;1:25:10,5;1:24:58,1;\r\n"
    "2.;0102;ÖZTÜRK Ana;Half Marathon;53:28;53:11;\r\n"
    ";K7;WEISS Ben;Kinderlauf;DNF;;DNF\r\n",
    "utf-8-sig",
    "bib name contest gun chip status",
)
RUNSIGNUP_STARTS = SystemFile(
    "runsignup-starts",
    Kind.STARTS,
    "Bib,First Name,Last Name,Gender,Age,City,State,Email,Event,Wave,Registration ID\n"
    '101,Ana,"Lopez, PhD",F,34,Austin,TX,ana@example.org,Half,A,881\n'
    "102,Ben,O'Neill,M,41,Austin,TX,,Half,B,882\n",
    columns="bib first last contest wave",
)
RUNSIGNUP_RESULTS = SystemFile(
    "runsignup-results",
    Kind.RESULTS,
    "Place,Bib,Name,Gender,Age,City,State,Clock Time,Chip Time,Pace,Event,Wave\n"
    "1,101,Ana Lopez,F,34,Austin,TX,1:25:10.5,1:24:58.1,6:30,Half,A\n"
    "2,102,Ben O'Neill,M,41,Austin,TX,53:28,53:11,4:05,Half,B\n",
    columns="bib name gun chip contest wave",
)
ULTRASIGNUP_RESULTS = SystemFile(
    "ultrasignup-results",
    Kind.RESULTS,
    "place,time,first,last,age,gender,city,state,dob,bib,status\n"
    "1,25:10:11,Ana,Lopez,34,F,Austin,TX,1993-02-01,101,1\n"
    "0,0,Ben,Ode,41,M,Austin,TX,1986-02-01,102,2\n"
    "0,,Chidi,Eze,22,M,Austin,TX,2005-02-01,103,3\n",
    columns="gun first last bib status",
)
CHRONOTRACK_RESULTS = SystemFile(
    "chronotrack-results",
    Kind.RESULTS,
    "Rank\tBib\tFull Name\tRace\tWave\tStart Time\tGun Time\tChip Time\tFinish TOD\tBracket\n"
    "1\t101\tAna Lopez\tHalf\tA\t11:30:21 AM\t1:25:10.52\t1:24:49.52\t12:55:10 PM\tF30-34\n"
    "2\t102\tBen Ode\tHalf\tB\t12:00:09 PM\t53:28\t53:19\t12:53:28 PM\tM40-44\n",
    columns="bib name contest wave start gun chip finish",
)
ATHLINKS_RESULTS = SystemFile(
    "athlinks-results",
    Kind.RESULTS,
    "First Name,Last Name,Age,Gender,Rank,Class/Bracket,Bib,Sponsor,Finish Time\r\n"
    "Ana,Lopez,34,F,1,F30-34,101,,12:55:10 PM\r\n"
    "Ben,Ode,41,M,2,M40-44,102,,12:53:28 PM\r\n",
    "utf-16",
    "first last bib finish",
)
FRENCH_RESULTS = SystemFile(
    "french",
    Kind.RESULTS,
    "Classement;N° Dossard;Nom;Prénom;Sexe;Parcours;Sas;Temps officiel;Temps réel\r\n"
    "1;101;LEFÈVRE;Françoise;F;Half;A;1h25'10;1h24'58\r\n"
    "2;102;ODE;Bénédicte;F;Half;B;53'28\";53'11\"\r\n"
    "AB;103;EZE;Chloé;F;Half;B;Abandon;\r\n",
    "cp1252",
    "bib last first contest wave gun chip",
)
SPANISH_RESULTS = SystemFile(
    "spanish",
    Kind.RESULTS,
    "Puesto,Dorsal,Nombre,Apellidos,Prueba,Cajón,Tiempo oficial,Hora de llegada\n"
    "1,101,Íñigo,Núñez,Half,A,01:25:10,12:55:10\n"
    "2,102,Ana,Peña,Half,B,0:53:28,12:53:28\n",
    columns="bib first last contest wave gun finish",
)
PLAIN = SystemFile(
    "plain",
    Kind.RESULTS,
    "bib,finish\n101,2027-04-25T12:55:10+01:00\n102,12:53:28\n",
    columns="bib finish",
)
ALL = (
    RACE_RESULT_STARTS,
    RACE_RESULT_RESULTS,
    RUNSIGNUP_STARTS,
    RUNSIGNUP_RESULTS,
    ULTRASIGNUP_RESULTS,
    CHRONOTRACK_RESULTS,
    ATHLINKS_RESULTS,
    FRENCH_RESULTS,
    SPANISH_RESULTS,
    PLAIN,
)
