// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/view/speech.hpp"

#include "kiosk/view/wording.hpp"

namespace view {
namespace {

/// Collects the texts of a block in reading order.
class Collector {
  public:
    std::vector<Text> all;

    void add(const Text& text) {
        if (!text.empty()) all.push_back(text);
    }
    void add(const std::vector<Text>& texts) {
        for (const Text& text : texts) add(text);
    }
    void add(const Button& button) { add(button.label); }
    void add(const std::optional<Button>& button) {
        if (button) add(*button);
    }
    void add(const Choice& choice) {
        add(choice.name);
        add(choice.subline);
    }

    void operator()(const Paragraph& b) { add(b.lines); }
    void operator()(const Label& b) { add(b.text); }
    void operator()(const Tile& b) {
        add(b.title);
        add(b.line);
        for (const Party& party : b.parties) add(party.name);
        if (b.pill) add(b.pill->word);
        add(b.inline_button);
    }
    void operator()(const Note& b) { add(b.lines); }
    void operator()(const Choice& b) { add(b); }
    void operator()(const FlowPicture& b) {
        add(b.label);
        add(b.source);
        for (const Choice& choice : b.recipients) add(choice);
    }
    void operator()(const ChoiceList& b) {
        add(b.label);
        for (const Choice& choice : b.choices) add(choice);
    }
    void operator()(const Chips& b) {
        add(b.label);
        for (const Chip& chip : b.chips) add(chip.text);
        add(b.excluded_label);
        add(b.excluded);
    }
    void operator()(const Facts& b) {
        for (const Fact& fact : b.facts) {
            add(fact.question);
            add(fact.answer);
        }
    }
    void operator()(const Rows& b) {
        for (const Row& row : b.rows) {
            add(row.key);
            add(row.value);
            add(row.button);
        }
    }
    void operator()(const Track& b) {
        for (const TrackStep& step : b.steps) {
            add(step.title);
            add(step.line);
        }
    }
    void operator()(const QrCard& b) {
        add(b.title);
        add(b.lines);
        add(b.caption);
    }
    void operator()(const DigitBoxes& b) {
        add(b.label);
        add(b.progress);
    }
    void operator()(const Tries&) {}  // its words stand in the note before it
    void operator()(const DigitPad&) {}
    void operator()(const Picture& b) { add(b.description); }
    void operator()(const ReleaseCard& b) {
        add(b.title);
        add(b.lines);
        for (const ReleaseCard::Status& status : b.statuses) {
            add(status.who);
            add(status.pill.word);
        }
        add(b.button);
    }
    void operator()(const LanguageGrid& b) {
        for (const Language& language : b.languages) {
            Text name;
            name.literal = language.own_name;
            name.language = language.tag;
            add(name);
        }
        for (const Button& way : b.ways) add(way);
    }
    void operator()(const Countdown& b) { add(b.words); }
    void operator()(const Waiting& b) {
        add(b.what);
        add(b.how_long);
        add(b.card);
    }
};

/// Without bold marks, soft hyphens and isolates; a break by hand is a pause, not a sign.
std::string plain(const std::string& words) {
    static constexpr std::string_view unspoken[] = {"**",     "\u00ad", "\u200b", "\u2066",
                                                    "\u2067", "\u2068", "\u2069"};
    std::string out;
    for (std::size_t i = 0; i < words.size();) {
        std::size_t skip = 0;
        for (const std::string_view sign : unspoken) {
            if (std::string_view(words).substr(i).starts_with(sign)) skip = sign.size();
        }
        if (skip > 0) {
            i += skip;
            continue;
        }
        out += words[i] == '\n' ? ' ' : words[i];
        ++i;
    }
    return out;
}

}  // namespace

std::vector<Text> texts_of(const Screen& screen) {
    Collector collector;
    if (screen.steps) collector.add(screen.steps->label);
    collector.add(screen.title);
    collector.add(screen.lead);
    for (const Block& block : screen.blocks) std::visit(collector, block);
    if (screen.pair) {
        collector.add(screen.pair->yes);
        collector.add(screen.pair->no);
    }
    collector.add(screen.main);
    collector.add(screen.back);
    collector.add(screen.other);
    return std::move(collector.all);
}

std::vector<Sentence> speech_script(const i18n::Locales& locales, const Screen& screen) {
    std::vector<Sentence> script;
    for (const Text& text : texts_of(screen)) {
        const std::string& language =
            text.language.empty() ? screen.display.language : text.language;
        script.push_back(
            {language, plain(wording(locales, screen.display.language, text)), text.privacy});
    }
    return script;
}

std::string evidence_text(const i18n::Locales& locales, const Screen& screen) {
    std::string all = screen.name + "\n" + screen.display.language + "\n";
    for (const Text& text : texts_of(screen)) {
        if (text.privacy == Text::Privacy::personal) continue;
        all += plain(wording(locales, screen.display.language, text));
        all += '\n';
    }
    return all;
}

}  // namespace view
