// SPDX-License-Identifier: EUPL-1.2
// Samples of the screens one reads: start, home, list, one release, review. Arabic is a draft by
// us. Tests only.
#include "tests/screens/samples.hpp"

namespace samples {

using namespace view;

namespace {

view::Tile tile(const char* id, const char* icon, const char* title, const char* line) {
    view::Tile t;
    t.id = id;
    t.icon = icon;
    t.title = say(title);
    t.line = say(line);
    return t;
}

Chip chip(const char* icon, const char* words) {
    return {icon, say(words)};
}

Fact fact(const char* icon, const char* question, const char* answer) {
    return {icon, say(question), {say(answer)}};
}

Choice recipient(const char* id, const char* icon, const char* name, const char* german,
                 bool chosen) {
    Choice c;
    c.id = id;
    c.icon = icon;
    c.name = say(name);
    if (*german != 0) c.subline = say(german, "de");
    c.chosen = chosen;
    return c;
}

Row row(const char* icon, const char* key, const char* value, const char* button_id = "",
        const char* button_icon = "", const char* words = "") {
    Row r;
    r.icon = icon;
    r.key = say(key);
    r.value = {say(value)};
    if (*button_id != 0) r.button = button(button_id, button_icon, words);
    return r;
}

}  // namespace

Screen start() {
    Screen s = frame("start", "de");
    s.title = say("Sie entscheiden:\nWelches Amt darf was wissen?");
    s.blocks.push_back(Picture{Picture::Kind::welcome, say("Amt, Sie, Amt")});
    s.blocks.push_back(Label{say("Ihre Sprache")});
    LanguageGrid grid;
    const std::vector<std::pair<const char*, const char*>> languages{
        {"de", "Deutsch"},     {"en", "English"},    {"ar", "العربية"},
        {"fa", "فارسی · دری"}, {"uk", "Українська"}, {"tr", "Türkçe"},
        {"ru", "Русский"},     {"fr", "Français"},   {"ps", "پښتو"},
        {"ku", "Kurdî"},       {"ti", "ትግርኛ"},       {"de-x-leicht", "Leichte\nSprache"}};
    for (const auto& [tag, name] : languages)
        grid.languages.push_back({std::string("language.") + tag, tag, name});
    grid.ways = {button("start.signs", "sign-language", "Gebärden-Video"),
                 button("start.audio", "headphones", "Kopfhörer: hören")};
    s.blocks.push_back(grid);
    s.blocks.push_back(
        Note{Tone::warn,
             "offline",
             {say("Kein Netz seit 9:40 Uhr."), say("Sie können trotzdem alles entscheiden."),
              say("Die Karte brauchen Sie erst später.")}});
    return s;
}

Screen home(const std::string& language) {
    Screen s = frame("home", language);
    const bool ar = language == "ar";
    s.title = say(ar ? "ماذا تريد أن تفعل؟" : "Was möchten Sie tun?");
    if (ar) {
        s.blocks.push_back(Note{Tone::warn,
                                "offline",
                                {say("لا يوجد اتصال منذ الساعة \u20669:40\u2069."),
                                 say("**ممكن الآن:** إعطاء إذن، سحب إذن، الاطّلاع."),
                                 say("**ممكن لاحقًا:** الإرسال، الاطّلاع على بيانات جديدة.")}});
        s.blocks.push_back(
            tile("home.see", "act-see", "الاطّلاع", "من لديه بياناتي؟ ومن استخدمها؟"));
        s.blocks.push_back(
            tile("home.give", "act-give", "إعطاء إذن", "تسمح لجهة بأن تُخبر جهة أخرى."));
        s.blocks.push_back(
            tile("home.take", "act-take-back", "سحب إذن", "في أي وقت، ومن دون ذكر السبب."));
        s.blocks.push_back(tile("home.requests", "act-requests", "طلباتي", "ماذا حدث بعد طلبي؟"));
        s.blocks.push_back(tile("home.staff", "staff", "مساعدة", "يأتي إليك شخص من الموظفين."));
    } else {
        s.blocks.push_back(Note{Tone::warn,
                                "offline",
                                {say("Kein Netz seit 9:40 Uhr."),
                                 say("**Geht jetzt:** freigeben, zurücknehmen, ansehen."),
                                 say("**Geht später:** senden, neue Daten ansehen.")}});
        s.blocks.push_back(
            tile("home.see", "act-see", "Ansehen", "Wer hat meine Daten? Wer benutzt sie?"));
        s.blocks.push_back(
            tile("home.give", "act-give", "Freigeben", "Ein Amt darf einem anderen etwas sagen."));
        s.blocks.push_back(
            tile("home.take", "act-take-back", "Zurücknehmen", "Jederzeit. Ohne Grund."));
        s.blocks.push_back(
            tile("home.requests", "act-requests", "Meine Anträge", "Was ist daraus geworden?"));
        s.blocks.push_back(tile("home.staff", "staff", "Hilfe", "Ein Mensch kommt zu Ihnen."));
    }
    return s;
}

Screen list() {
    Screen s = frame("list", "de");
    s.title = say("Was möchten Sie freigeben?");
    s.lead = say("Tippen Sie auf ein Feld. Lesen ist noch kein Ja.");
    const auto entry = [](const char* id, const char* title, std::vector<Party> parties, bool both,
                          Pill pill) {
        Tile t;
        t.id = id;
        t.title = say(title);
        t.parties = std::move(parties);
        t.both_ways = both;
        t.pill = pill;
        return t;
    };
    const Party job{"authority-jobcenter", say("Jobcenter")};
    const Party agency{"authority-agency", say("Agentur")};
    const Party youth{"authority-youth", say("Jugendamt")};
    const Pill no{Tone::neutral, "lock", say("Nicht freigegeben")};
    s.blocks.push_back(entry("list.1", "Ansprechpersonen verbinden", {job, agency, youth}, true,
                             {Tone::neutral, "act-take-back", say("Zurückgenommen")}));
    s.blocks.push_back(entry("list.2", "Bildungsweg und Bewerbung",
                             {{"authority-agency", say("Agentur für Arbeit")}, youth}, false,
                             {Tone::ok, "check", say("Freigegeben bis 3. März 2027")}));
    s.blocks.push_back(entry("list.3", "Hilfe-Verlauf", {youth, agency, job}, false, no));
    s.blocks.push_back(entry("list.4", "Fallkonferenz – ein Treffen",
                             {youth, {"authority-school", say("Schule")}, {"person", say("Sie")}},
                             true, no));
    s.blocks.push_back(entry("list.5", "Jugend-Beratung", {youth, agency}, false, no));
    s.blocks.push_back(entry("list.6", "Telefonnummer", {job, agency}, false, no));
    Tile law = tile("list.law", "act-notice", "Was das Gesetz erlaubt",
                    "Das geht auch ohne Ihr Ja. Ansehen.");
    law.sunken = true;
    s.blocks.push_back(law);
    s.back = button("list.back", "back", "Zurück");
    return s;
}

Screen release(const std::string& language) {
    Screen s = frame("release", language);
    const bool ar = language == "ar";
    const auto t = [&](const char* de, const char* arabic) { return ar ? arabic : de; };
    s.steps = Steps{1, 4, say(t("Schritt 1 von 4: Lesen", "الخطوة 1 من 4: القراءة"))};
    s.title = say(t("Hilfe-Verlauf", "مسار المساعدة"));
    s.lead =
        say(t("Darf das Jugendamt das weitersagen?", "هل يحق لمكتب الشباب أن يُخبر جهات أخرى؟"));
    FlowPicture flow;
    flow.label = say(t("Wer darf es wissen? Wählen Sie.", "من يحق له أن يعرف؟ اختر بنفسك."));
    flow.source_icon = "authority-youth";
    flow.source = say(t("Jugendamt", "مكتب الشباب"));
    if (ar) flow.source_subline = say("Jugendamt", "de");
    flow.recipients = {
        recipient("release.to.agency", "authority-agency", t("Agentur für Arbeit", "وكالة العمل"),
                  t("", "Agentur für Arbeit"), true),
        recipient("release.to.jobcenter", "authority-jobcenter", t("Jobcenter", "مركز العمل"),
                  t("", "Jobcenter"), false)};
    s.blocks.push_back(flow);
    Chips chips;
    chips.label = say(t("Was wird gesagt?", "ما البيانات؟"));
    chips.chips = {chip("c07-counselling",
                        t("Termine und verabredete Schritte", "المواعيد والخطوات المتفق عليها")),
                   chip("c08-measures", t("Hilfen und Kurse, die Sie hatten",
                                          "المساعدات والدورات التي حصلت عليها"))};
    chips.excluded_label = say(t("Nicht dabei:", "لا يشمل:"));
    chips.excluded = say(t("persönliche Gespräche, Geheimnisse.", "المحادثات الشخصية والأسرار."));
    s.blocks.push_back(chips);
    s.blocks.push_back(
        Facts{{fact("purpose", t("Wofür?", "لماذا؟"),
                    t("Damit Hilfen nicht doppelt laufen.", "حتى لا تتكرر المساعدة نفسها.")),
               fact("duration", t("Wie lange?", "إلى متى؟"),
                    t("6 Monate, bis 12.11.2026. Danach endet es.",
                      "ستة أشهر، حتى \u206612.11.2026\u2069. ثم ينتهي الإذن تلقائيًا.")),
               fact("without-yes", t("Und ohne Ihr Ja?", "وإن لم توافق؟"),
                    t("Jedes Amt fragt Sie selbst. Nicht weniger Geld, nicht weniger Hilfe.",
                      "تسألك كل جهة بنفسها. لن يقلّ المال ولن تقلّ المساعدة.")),
               fact("act-take-back", t("Zurücknehmen?", "هل يمكن التراجع؟"),
                    t("Jederzeit. Schon Gesagtes bleibt gesagt.",
                      "نعم، في أي وقت. ما قيل من قبل يبقى معروفًا."))}});
    DecisionPair pair{
        button("release.yes", "check", t("Ja, das freigeben", "نعم، أعطي الإذن")),
        button("release.no", "cross", t("Nein, nicht freigeben", "لا، لا أعطي الإذن"))};
    pair.question = say(t("Ihre Entscheidung", "قرارك"));
    pair.summary = {
        say(t("Das Jugendamt sagt der Agentur für Arbeit: Termine, Schritte, Hilfen, Kurse.",
              "مكتب الشباب يُخبر وكالة العمل: المواعيد والخطوات والمساعدات.")),
        say(t("Beides ist in Ordnung. Zurücknehmen geht jederzeit.",
              "كلا الجوابين مقبول. يمكنك التراجع في أي وقت."))};
    s.pair = pair;
    s.back = button("release.back", "back", t("Zurück", "رجوع"));
    s.other =
        button("release.info", "info", t("Verantwortlich? Beschwerde?", "من المسؤول؟ كيف أشتكي؟"));
    return s;
}

Screen review(const std::string& language) {
    Screen s = frame("review", language);
    const bool ar = language == "ar";
    const auto t = [&](const char* de, const char* arabic) { return ar ? arabic : de; };
    s.steps = Steps{3, 4, say(t("Schritt 3 von 4: Prüfen", "الخطوة 3 من 4: المراجعة"))};
    s.title = say(t("Stimmt alles?", "هل كل شيء صحيح؟"));
    const char* lead = "هذا هو إقرارك. لم يُقرَّر شيء بعد.";
    s.lead = say(t("Das erklären Sie. Noch ist nichts entschieden.", lead));
    const char* change = t("Ändern", "تغيير");
    s.blocks.push_back(Rows{
        {row("person", t("Sie", "أنت"),
             t("L. Y., 17 Jahre.\nKarte und PIN geprüft.",
               "\u2068L. Y.\u2069، العمر 17 سنة.\nتمّ التحقق: بطاقة ورقم سري."),
             "review.show", "act-see", t("Zeigen", "إظهار")),
         row("authority-youth", t("Wer", "من يُخبر"),
             t("Jugendamt Musterstadt", "مكتب الشباب \u2068Jugendamt\u2069")),
         row("authority-agency", t("Wem", "من يعرف"),
             t("Agentur für Arbeit Musterstadt", "وكالة العمل \u2068Agentur für Arbeit\u2069"),
             "review.whom", "edit", change),
         row("c07-counselling", t("Was", "ماذا"),
             t("Termine, Schritte,\nHilfen, Kurse", "المواعيد والخطوات والمساعدات"), "review.what",
             "edit", change),
         row("excluded", t("Nicht", "لا يشمل"),
             t("Persönliche Gespräche, Geheimnisse", "المحادثات الشخصية والأسرار")),
         row("purpose", t("Wofür", "لماذا"),
             t("Damit Hilfen nicht doppelt laufen", "حتى لا تتكرر المساعدة نفسها")),
         row("duration", t("Wie lange", "إلى متى"),
             t("Bis 12.11.2026", "حتى \u206612.11.2026\u2069"), "review.until", "edit", change),
         row("act-take-back", t("Zurück", "التراجع"),
             t("Jederzeit. Es gilt ab dann.", "في أي وقت، ويسري من حينه."))}});
    s.blocks.push_back(
        Paragraph{{say(t("**Ja:** Wir zeichnen es hier auf und senden es später.",
                         "**نعم:** نسجّل الإذن هنا ونرسله لاحقًا.")),
                   say(t("**Nein:** Wir speichern nichts. Sie haben keinen Nachteil.",
                         "**لا:** لا نحفظ شيئًا. ولن يلحق بك أي ضرر."))}});
    s.pair =
        DecisionPair{button("review.yes", "check", t("Ja, jetzt freigeben", "نعم، أعطي الإذن")),
                     button("review.no", "cross", t("Nein, nicht freigeben", "لا، لا أعطي الإذن"))};
    s.back = button("review.back", "back", t("Zurück", "رجوع"));
    s.other =
        button("review.info", "info", t("Verantwortlich? Beschwerde?", "من المسؤول؟ كيف أشتكي؟"));
    return s;
}

}  // namespace samples
