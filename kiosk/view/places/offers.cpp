// SPDX-License-Identifier: EUPL-1.2
// The offers as cards (c-list): what is asked first, what the law allows last.
#include "kiosk/view/makers.hpp"

namespace view {
namespace {

/// The latest word of this person on an entry, if their releases are known.
Pill standing(const std::vector<core::Release>& releases, const consent::Entry& entry) {
    const bool objection = entry.act == core::ActType::objection;
    const core::Release* latest = nullptr;
    for (const core::Release& release : releases) {
        if (release.entry != entry.id) continue;
        const bool better = latest == nullptr || release.standing == core::Release::Standing::given;
        if (better) latest = &release;
    }
    if (latest == nullptr)
        return {Tone::neutral, "lock", objection ? "pill.not_objected"_t : "pill.not_given"_t};
    switch (latest->standing) {
        case core::Release::Standing::given:
            if (objection) return {Tone::ok, "check", "pill.objected"_t};
            if (!latest->until) return {Tone::ok, "check", "pill.given"_t};
            return {Tone::ok, "check",
                    with("pill.given_until"_t,
                         {date_arg("date", *latest->until, Arg::Kind::date_long)})};
        case core::Release::Standing::withdrawn:
            return {Tone::neutral, "act-take-back", "pill.withdrawn"_t};
        case core::Release::Standing::suspended:
            return {Tone::warn, "waiting", "pill.suspended"_t};
        case core::Release::Standing::expired:
            return {Tone::neutral, "duration", "pill.expired"_t};
    }
    return {};
}

Tile tile_of(const Look& look, const consent::Entry& entry, const core::Offers& at) {
    const consent::Shown words = entry_words(look, entry);
    Tile tile;
    tile.id = "list." + entry.id;
    tile.title = literal(words.slots->title, words.fell_back ? words.language : std::string{});
    if (entry.act == core::ActType::notice) {
        tile.icon = "act-notice";
        tile.line = "list.law"_t;
        tile.sunken = true;
        return tile;
    }
    if (entry.act == core::ActType::objection) tile.icon = "act-objection";
    // More than three names beside icons become unreadable; then they are a line of words.
    constexpr std::size_t parties_max = 3;
    if (entry.sources.size() + entry.recipients.size() > parties_max) {
        tile.line = with("list.parties"_t,
                         {{"from", names(look, entry.sources).literal, Arg::Kind::name},
                          {"to", names(look, entry.recipients).literal, Arg::Kind::name}});
    } else {
        tile.both_ways = entry.both_ways;
        for (const auto* side : {&entry.sources, &entry.recipients}) {
            for (const std::string& id : *side) {
                tile.parties.push_back({authority_icon(look, id), authority_name(look, id)});
            }
        }
    }
    if (at.releases) tile.pill = standing(*at.releases, entry);
    return tile;
}

}  // namespace

void fill(Screen& screen, const Look& look, const core::Offers& at) {
    screen.name = "list";
    screen.title = "list.title"_t;
    screen.lead = "list.lead"_t;
    std::vector<Tile> notices;
    for (const core::Offer& offer : look.setup.offers) {
        Tile tile = tile_of(look, look.setup.catalogue.entries[offer.entry], at);
        if (tile.sunken) {
            notices.push_back(std::move(tile));
        } else {
            screen.blocks.emplace_back(std::move(tile));
        }
    }
    for (Tile& tile : notices) screen.blocks.emplace_back(std::move(tile));
    screen.back = back_button();
}

}  // namespace view
