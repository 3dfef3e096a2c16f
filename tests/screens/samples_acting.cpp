// SPDX-License-Identifier: EUPL-1.2
// Samples of the screens one acts on: PIN, done, my releases, the card's errors, time warning,
// waiting. Tests only.
#include "tests/screens/samples.hpp"

namespace samples {

using namespace view;

Screen pin() {
    Screen s = frame("pin", "de");
    s.steps = Steps{2, 4, say("Schritt 2 von 4: Karte und PIN")};
    s.title = say("Geben Sie Ihre PIN ein");
    s.lead = say("6 Ziffern. Die PIN steht **nicht** auf der Karte.");
    s.blocks.push_back(Picture{Picture::Kind::card_on_reader, say("Karte auf dem Kartenfeld")});
    s.blocks.push_back(Note{Tone::ok,
                            "done",
                            {say("Karte liegt richtig."), say("Bitte liegen lassen."),
                             say("Das Kartenfeld ist unter dem Bildschirm.")}});
    s.blocks.push_back(Note{Tone::warn, "", {say("Die PIN war nicht richtig.")}});
    s.blocks.push_back(Tries{2, 3, say("Noch 2 von 3 Versuchen.")});
    s.blocks.push_back(DigitBoxes{say("PIN"), 3, 6, say("3 von 6\nZiffern")});
    s.blocks.push_back(DigitPad{true, false});
    s.back = button("pin.back", "back", "Zurück");
    s.other = button("pin.forgotten", "help", "PIN vergessen?");
    return s;
}

Screen done() {
    Screen s = frame("done", "de");
    s.steps = Steps{4, 4, say("Schritt 4 von 4: Fertig")};
    s.title = say("Hier aufgezeichnet");
    s.lead = say("Sie können jetzt gehen. Nichts geht verloren.");
    s.blocks.push_back(Note{Tone::accent, "card-out", {say("Nehmen Sie jetzt Ihre Karte.")}, true});
    using State = TrackStep::State;
    s.blocks.push_back(
        Track{{{State::done, "check", say("Hier aufgezeichnet"), say("Heute, 14:02 Uhr")},
               {State::now, "waiting", say("Noch nicht gesendet"),
                say("Das Gerät sendet von selbst, sobald Netz da ist.")},
               {State::later, "received", say("Bei den Ämtern angekommen"), say("Noch nicht")},
               {State::later, "applied", say("Von den Ämtern umgesetzt"),
                say("Noch nicht. Den Stand sehen Sie hier jederzeit.")}}});
    QrCard qr;
    qr.payload = "FREIGABE:1:0196C3E2-7B41-7A10-9F3C-2B8E51D04AA7:JBA03:DE:20260512:K7QF-P2MX-93RD";
    qr.icon = "receipt";
    qr.title = say("Ihr Beleg");
    qr.lines = {say("Fotografieren Sie das Bild oder drucken Sie es."),
                say("Damit geht Zurücknehmen auch ohne Karte.")};
    qr.caption = say("Kein Name steht darauf.");
    s.blocks.push_back(qr);
    s.pair = DecisionPair{button("done.print", "printer", "Drucken"),
                          button("done.no_slip", "check", "Ohne Beleg")};
    s.back = button("done.start", "back", "Zum Anfang");
    s.other = button("done.state", "act-requests", "Stand ansehen");
    return s;
}

Screen my_releases() {
    Screen s = frame("my_releases", "de");
    s.title = say("Meine Freigaben");
    s.lead = say("Stand heute, 9:38 Uhr. Neuer geht erst mit Netz.");
    const Pill waits{Tone::warn, "waiting", say("Wartet hier")};
    ReleaseCard a;
    a.title = say("Hilfe-Verlauf");
    a.lines = {say("Freigegeben heute. Gilt bis 12. November 2026.")};
    a.statuses = {{"authority-youth", say("Jugendamt"), waits},
                  {"authority-agency", say("Agentur für Arbeit"), waits}};
    a.button = button("mine.1.take_back", "act-take-back", "Zurücknehmen");
    ReleaseCard b;
    b.title = say("Bildungsweg und Bewerbung");
    b.lines = {say("Freigegeben am 3. März. Gilt bis 3. März 2027.")};
    b.statuses = {
        {"authority-agency",
         say("Agentur für Arbeit"),
         {Tone::ok, "applied", say("Umgesetzt 3. März")}},
        {"authority-youth", say("Jugendamt"), {Tone::ok, "applied", say("Umgesetzt 4. März")}}};
    b.button = button("mine.2.take_back", "act-take-back", "Zurücknehmen");
    ReleaseCard c;
    c.title = say("Ansprechpersonen");
    c.lines = {say("**Zurückgenommen** gestern, 16:02 Uhr.")};
    c.statuses = {
        {"authority-jobcenter", say("Jobcenter"), {Tone::ok, "applied", say("Umgesetzt 16:14")}},
        {"authority-agency",
         say("Agentur für Arbeit"),
         {Tone::accent, "received", say("Angekommen 16:06")}},
        {"authority-youth", say("Jugendamt"), {Tone::warn, "waiting", say("Noch nicht")}}};
    s.blocks = {a, b, c};
    s.back = button("mine.back", "back", "Zurück");
    s.other = button("mine.all", "act-take-back", "Alles zurücknehmen");
    return s;
}

Screen can() {
    Screen s = frame("can", "de");
    s.steps = Steps{2, 4, say("Schritt 2 von 4: Karte und PIN")};
    s.title = say("Wir brauchen noch die CAN");
    s.lead = say("Sie haben noch einen Versuch. Die CAN schützt ihn.");
    s.blocks.push_back(Picture{Picture::Kind::can_position,
                               say("Die CAN steht vorn auf der Karte, unten rechts.")});
    Paragraph where{{say("Die CAN hat 6 Ziffern. Sie steht **vorn auf der Karte, unten rechts**. "
                         "Das gilt auch beim Aufenthalts-Titel.")},
                    false,
                    "c02-identity"};
    Paragraph after{
        {say("Danach geben Sie Ihre PIN noch einmal ein. Ist sie falsch, wird die PIN gesperrt.")},
        false,
        "lock"};
    s.blocks.push_back(where);
    s.blocks.push_back(after);
    s.blocks.push_back(
        Note{Tone::accent, "info", {say("Sie können jetzt aufhören. Nichts geht verloren.")}});
    s.pair = DecisionPair{button("can.enter", "check", "CAN eingeben"),
                          button("can.stop", "cross", "Aufhören")};
    s.back = button("can.back", "back", "Zurück");
    s.other = button("can.staff", "staff", "Ohne PIN: Mensch holen");
    return s;
}

Screen card_removed() {
    Screen s = frame("card_removed", "de");
    s.steps = Steps{2, 4, say("Schritt 2 von 4: Karte und PIN")};
    s.title = say("Die Karte ist weg");
    s.lead = say("Das ist kein Fehlversuch. Es ist nichts gesendet.");
    s.blocks.push_back(
        Picture{Picture::Kind::card_on_reader, say("Karte auf das Kartenfeld legen")});
    s.blocks.push_back(Label{say("Legen Sie die Karte wieder auf das Feld.")});
    s.blocks.push_back(Paragraph{{say("Dann geht es weiter. Ihre PIN geben Sie neu ein.")}});
    s.blocks.push_back(
        Note{Tone::warn, "not-stored", {say("Ohne Karte löschen wir in 10 Sekunden alles.")}});
    s.pair = DecisionPair{button("removed.more_time", "plus", "Mehr Zeit"),
                          button("removed.erase", "not-stored", "Jetzt löschen")};
    s.other = button("removed.staff", "staff", "Mensch holen");
    return s;
}

Screen inactivity() {
    Screen s = frame("inactivity", "de");
    s.dialog = true;
    s.title = say("Sind Sie noch da?");
    s.lead = say("Ihre Angaben sind jetzt verdeckt.");
    s.blocks.push_back(Countdown{24, 30, say("Noch 24 Sekunden")});
    s.blocks.push_back(
        Paragraph{{say("Danach löschen wir alles von diesem Bildschirm. Aufgezeichnete "
                       "Entscheidungen bleiben.")}});
    s.main = button("idle.stay", "check", "Ja, ich brauche mehr Zeit");
    s.other = button("idle.leave", "leave", "Nein, beenden");
    return s;
}

Screen waiting() {
    Screen s = frame("reading", "de");
    s.draft = true;
    s.steps = Steps{2, 4, say("Schritt 2 von 4: Karte und PIN")};
    s.title = say("Die Karte wird gelesen");
    s.lead = say("Bitte lassen Sie die Karte liegen.");
    s.blocks.push_back(Picture{Picture::Kind::reading, say("Karte liegt auf dem Kartenfeld")});
    s.blocks.push_back(Waiting{say("Wir prüfen Ihre Karte"), say("Das dauert etwa 5 Sekunden."),
                               say("Die Karte bleibt liegen."), 2, 4});
    s.back = button("reading.cancel", "cross", "Abbrechen");
    return s;
}

}  // namespace samples
