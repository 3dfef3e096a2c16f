// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/view/parts.hpp"

#include <cstdio>

#include "drivers/base/check.hpp"
#include "kiosk/consent/calendar.hpp"
#include "sync/model/access_request.hpp"

namespace view {

Text counted(Text text, std::int64_t count) {
    text.count = count;
    text.args.push_back({"count", std::to_string(count), Arg::Kind::number});
    return text;
}

Arg date_arg(std::string name, core::Date date, Arg::Kind kind) {
    return {std::move(name), consent::to_text(date), kind};
}

Arg time_arg(std::string name, std::uint16_t minutes) {
    char text[8];
    (void)std::snprintf(text, sizeof text, "%02u:%02u", minutes / 60U % 24U, minutes % 60U);
    return {std::move(name), text, Arg::Kind::time};
}

consent::Shown entry_words(const Look& look, const consent::Entry& entry) {
    auto shown = consent::words(entry, look.language(), look.setup.drafts);
    CHECK(shown && shown->slots != nullptr);  // only entries with words are offered
    return *shown;
}

Text table_text(const Look& look, const consent::Texts& texts) {
    const std::string_view words = consent::text_for(texts, look.language());
    const auto wished = texts.find(look.language());
    // Words in another language than the screen are isolated, so that they keep their own
    // direction.
    const bool foreign = wished == texts.end() && !look.language().starts_with("de");
    return literal(words, foreign ? "de" : std::string_view{});
}

Text german_below(const Look& look, const consent::Texts& texts) {
    if (look.language().starts_with("de")) return {};
    const std::string_view german = consent::text_for(texts, "de");
    if (german == consent::text_for(texts, look.language())) return {};
    return literal(german, "de");
}

Text authority_name(const Look& look, std::string_view id) {
    const consent::Authority* authority = look.setup.catalogue.authority(id);
    return authority == nullptr ? literal(id) : table_text(look, authority->name);
}

Text authority_full_name(const Look& look, std::string_view id) {
    const consent::Authority* authority = look.setup.catalogue.authority(id);
    return authority == nullptr ? literal(id) : table_text(look, authority->full_name);
}

IconName authority_icon(const Look& look, std::string_view id) {
    const consent::Authority* authority = look.setup.catalogue.authority(id);
    return authority == nullptr ? "info" : authority->icon;
}

namespace {

/// What stands between the members of a list; Arabic script has a comma of its own.
std::string_view list_comma(std::string_view language) {
    return language == "ar" ? "، " : ", ";
}

Text joined(const Look& look, const std::vector<Text>& parts) {
    Text all;
    for (const Text& part : parts) all = listed(look, std::move(all), part);
    return all;
}

}  // namespace

Text entry_title(const Look& look, const std::string& id) {
    const consent::Entry* entry = look.setup.catalogue.entry(id);
    if (entry == nullptr && id == model::access_request_entry) return "request.name"_t;
    if (entry == nullptr) return literal(id);
    const auto words = consent::words(*entry, look.language(), look.setup.drafts);
    return words ? literal(words->slots->title) : literal(id);
}

Text listed(const Look& look, Text all, const Text& next) {
    const std::string_view language = next.language.empty() ? look.language() : next.language;
    if (!all.literal.empty()) all.literal += list_comma(language);
    all.literal += next.literal;
    all.language = next.language;
    return all;
}

Text names(const Look& look, const std::vector<std::string>& authorities) {
    std::vector<Text> parts;
    parts.reserve(authorities.size());
    for (const std::string& id : authorities) parts.push_back(authority_name(look, id));
    return joined(look, parts);
}

std::vector<Text> row_line(const Text& key, const Text& value) {
    if (value.empty()) return {};
    const auto kind = value.language.empty() ? Arg::Kind::word : Arg::Kind::name;
    return {with("row.line"_t, {{"key", "@" + key.id}, {"value", value.literal, kind}})};
}

std::vector<Text> lines_of(std::initializer_list<std::vector<Text>> parts) {
    std::vector<Text> all;
    for (const std::vector<Text>& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

Text categories_brief(const Look& look, const std::vector<std::string>& categories) {
    std::vector<Text> parts;
    for (const std::string& id : categories) {
        if (const auto* category = look.setup.catalogue.category(id)) {
            parts.push_back(table_text(look, category->brief));
        }
    }
    return joined(look, parts);
}

std::vector<Text> term_text(const Look& look, const core::Selection& selection) {
    const core::Offer& offer = look.setup.offers[selection.offer];
    if (selection.term >= offer.terms.size()) return {};
    const Text name = table_text(look, offer.terms[selection.term].text);
    const auto end = core::until(look.setup, selection, look.common.now.date);
    if (!end) return {name};
    return {with("term.until"_t, {{"term", name.literal}, date_arg("date", *end)})};
}

Pill link_pill(const core::Common& common) {
    if (common.link_up) return {Tone::ok, "online", "link.up"_t};
    return {Tone::warn, "offline", "link.down"_t};
}

Note mode_note(const Look& look) {
    const core::Common& common = look.common;
    if (common.reader != core::Reader::ready) {
        return {Tone::warn, "reader", {"mode.reader"_t, "mode.reader.now"_t, "mode.reader.not"_t}};
    }
    const bool today = common.link_since.date == common.now.date;
    const Text since =
        today ? with("mode.since_time"_t, {time_arg("time", common.link_since.minutes)})
              : with("mode.since_date"_t,
                     {date_arg("date", common.link_since.date, Arg::Kind::date_long)});
    if (!common.certificate_usable) {
        const Text first = common.link_up ? "mode.certificate"_t : since;
        return {Tone::warn,
                common.link_up ? "info" : "offline",
                {first, "mode.certificate.now"_t, "mode.certificate.not"_t}};
    }
    if (common.link_up) return {Tone::ok, "online", {"mode.online"_t, "mode.online.now"_t}};
    return {Tone::warn, "offline", {since, "mode.offline.now"_t, "mode.offline.later"_t}};
}

void add_fallback_note(Screen& screen, const consent::Shown& shown) {
    if (!shown.fell_back) return;
    screen.blocks.emplace_back(Note{Tone::accent, "info", {"fallback.note"_t, "fallback.help"_t}});
}

Steps step_of(std::uint8_t current) {
    switch (current) {
        case 1:
            return {1, 4, "step.read"_t};
        case 2:
            return {2, 4, "step.card"_t};
        case 3:
            return {3, 4, "step.check"_t};
        default:
            return {4, 4, "step.done"_t};
    }
}

Button back_button() {
    return {"back", "back", "button.back"_t, {}};
}
Button staff_button() {
    return {"staff", "staff", "button.staff"_t, {}};
}
Button contacts_button() {
    return {"contacts", "info", "button.contacts"_t, {}};
}

}  // namespace view
