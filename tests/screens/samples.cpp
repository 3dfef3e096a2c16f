// SPDX-License-Identifier: EUPL-1.2
// Building blocks of the samples, the small dictionary of the screens' own texts, and the list of
// all. Tests only.
#include "tests/screens/samples.hpp"

#include <map>
#include <utility>

namespace samples {

using view::Text;

Text say(std::string words, std::string language) {
    Text text;
    text.literal = std::move(words);
    text.language = std::move(language);
    return text;
}

view::Button button(std::string id, std::string icon, std::string words) {
    view::Button b;
    b.id = std::move(id);
    b.icon = std::move(icon);
    b.label = say(std::move(words));
    return b;
}

view::Screen frame(std::string name, std::string language) {
    view::Screen s;
    s.name = std::move(name);
    s.display.language = language;
    s.place = say("Musterstadt", "de");
    s.link = {view::Tone::warn, "offline", say(language == "ar" ? "بلا اتصال" : "Ohne Netz")};
    return s;
}

std::string resolve(const Text& text, const std::string& language) {
    if (!text.literal.empty()) return text.literal;
    static const std::map<std::string, std::pair<std::string, std::string>> words{
        {"tool.language", {"Sprache", "اللغة"}},
        {"tool.bigger", {"Größer", "تكبير"}},
        {"tool.contrast", {"Kontrast", "التباين"}},
        {"tool.speech", {"Vorlesen", "استماع"}},
        {"tool.help", {"Hilfe", "مساعدة"}},
        {"tool.leave", {"Beenden", "إنهاء"}},
        {"pager.page", {"Seite {page} von {pages}", "صفحة {page} من {pages}"}},
        {"pager.prev", {"Seite zurück", "الصفحة السابقة"}},
        {"pager.next", {"Nächste Seite", "الصفحة التالية"}},
        {"pager.more", {"Weiter", "التالي"}},
        {"pad.delete", {"Löschen", "حذف"}},
        {"pad.next", {"Weiter", "التالي"}},
        {"draft.mark", {"Entwurf", "مسودة"}},
        {"lowreach.hint",
         {"Alles zum Tippen ist jetzt unten.", "كل ما يُلمس موجود الآن في الأسفل."}}};
    const auto found = words.find(text.id);
    if (found == words.end()) return "?" + text.id;
    std::string out = language == "ar" ? found->second.second : found->second.first;
    for (const view::Arg& arg : text.args) {
        const std::string slot = "{" + arg.name + "}";
        const std::size_t at = out.find(slot);
        if (at != std::string::npos) out.replace(at, slot.size(), "\u2066" + arg.value + "\u2069");
    }
    return out;
}

std::vector<Sample> all() {
    const widgets::Panel portrait{};
    const widgets::Panel landscape{1280, 800, 0.311};
    std::vector<Sample> out;
    const auto add = [&](std::string name, view::Screen screen, unsigned page = 0,
                         std::string focus = {}) {
        out.push_back({std::move(name), std::move(screen), portrait, std::move(focus), page});
    };
    const auto big = [](view::Screen s) {
        s.display.text_percent = 200;
        s.display.contrast = view::Contrast::high;
        return s;
    };
    add("a-start", start());
    add("b-home", home("de"));
    add("b-home-ar", home("ar"));
    view::Screen dark = home("de");
    dark.display.contrast = view::Contrast::dark;
    add("b-home-dark", dark);
    add("b-home-hc200-p1", big(home("de")), 0, "home.see");
    add("b-home-hc200-p2", big(home("de")), 1);
    view::Screen low = home("de");
    low.display.low_reach = true;
    add("b-home-lowreach", low);
    add("c-list", list());
    add("d-release", release("de"));
    add("d-release-ar", release("ar"));
    add("d-release-hc200-p1", big(release("de")), 0);
    add("d-release-hc200-p2", big(release("de")), 1);
    add("d-release-hc200-p5", big(release("de")), 4);
    add("e-pin", pin(), 0, "pad.5");
    add("f-review", review("de"));
    add("f-review-ar", review("ar"));
    add("g-done", done());
    add("h-my-releases", my_releases());
    add("j-can", can());
    add("j-card-removed", card_removed());
    add("k-inactivity", inactivity());
    add("l-waiting", waiting());
    out.push_back({"b-home-landscape", home("de"), landscape, "home.see", 0});
    out.push_back({"d-release-landscape-p1", release("de"), landscape, "", 0});
    out.push_back({"d-release-landscape-p2", release("de"), landscape, "", 1});
    return out;
}

}  // namespace samples
