// SPDX-License-Identifier: EUPL-1.2
#include "tests/sim/rule_model.hpp"

#include <algorithm>

namespace sim {
namespace {

using model::Kind;
using model::TargetKind;

bool permits(Kind kind) {
    return kind == Kind::grant || kind == Kind::decision;
}

/// By which target, if any, an act names a part.
enum class Aim : std::uint8_t { none, by_id, by_selector };

Aim aim_of(const LoggedEvent& act, const LoggedEvent& given, std::size_t part) {
    constexpr model::Digest zero{};
    Aim aim = Aim::none;
    for (const model::ScopeTarget& target : act.scopes.targets) {
        if (target.kind == TargetKind::declaration) {
            const bool named = target.value == model::declaration_value(given.scopes.declaration);
            const bool entitled =
                act.scopes.tag_s != zero ||
                (act.scopes.slip_hash != zero && act.scopes.slip_hash == given.scopes.slip_hash);
            if (named && entitled) return Aim::by_id;
            continue;
        }
        const model::ScopePart& tags = given.scopes.parts.at(part);
        const model::Digest& wanted = target.kind == TargetKind::subject     ? given.scopes.tag_s
                                      : target.kind == TargetKind::recipient ? tags.tag_sr
                                                                             : tags.tag_er;
        if (target.value != zero && target.value == wanted) aim = Aim::by_selector;
    }
    return aim;
}

}  // namespace

RuleModel::RuleModel(std::vector<LoggedEvent> events, std::optional<std::uint64_t> common)
    : events_(std::move(events)), common_(common) {
    for (std::size_t i = 0; i < events_.size(); ++i) {
        if (events_[i].in_chain) chained_[events_[i].leaf] = i;
    }
}

/// Off the chain only what protects counts.
bool RuleModel::counts(const LoggedEvent& event) {
    return event.in_chain || model::is_protective(event.header.kind);
}

/// Follows the hashes back from `later`.
bool RuleModel::precedes(const LoggedEvent& first, const LoggedEvent& later) const {
    if (first.header.key.terminal != later.header.key.terminal || !first.in_chain) return false;
    model::Digest at = later.header.prev;
    for (;;) {
        if (at == first.leaf) return true;
        const auto found = chained_.find(at);
        if (found == chained_.end()) return false;
        at = events_[found->second].header.prev;
    }
}

bool RuleModel::knew(const LoggedEvent& who, const LoggedEvent& what) const {
    return covers(who.header.observed, what.log_index);
}

bool RuleModel::covers(std::uint64_t claim, std::optional<std::uint64_t> log_index) const {
    std::uint64_t size = model::log_size_of(claim);
    if (common_ && model::generation_of(claim) == 1) size = std::min(size, *common_);
    return log_index && *log_index < size;
}

bool RuleModel::same(const LoggedEvent& a, const LoggedEvent& b) {
    return a.header.key.terminal == b.header.key.terminal && a.header.kind == b.header.kind &&
           a.scopes.declaration == b.scopes.declaration &&
           a.header.scopes_sha256 == b.header.scopes_sha256 &&
           a.header.observed == b.header.observed;
}

/// The act lay before it or was known, at one of its places.
bool RuleModel::excused(const LoggedEvent& act, const LoggedEvent& given) const {
    return std::ranges::any_of(events_, [&](const LoggedEvent& place) {
        return same(act, place) && (precedes(place, given) || knew(given, place));
    });
}

Fate RuleModel::judge(const LoggedEvent& given, std::size_t part) const {
    Fate fate = Fate::alive;
    for (const LoggedEvent& act : events_) {
        if (act.leaf == given.leaf || !counts(act)) continue;
        const Aim aim = aim_of(act, given, part);
        if (aim == Aim::none) continue;
        const Kind kind = act.header.kind;
        if (permits(given.header.kind)) {
            const bool protects = model::is_protective(kind);
            if (!protects) continue;
            if (aim == Aim::by_selector && excused(act, given)) continue;
            const bool only_suspends = kind == Kind::provisional_withdrawal;
            fate = std::max(fate, only_suspends ? Fate::suspended : Fate::ended);
        } else if (given.header.kind == Kind::objection && kind == Kind::objection_withdrawn) {
            const bool behind = std::ranges::any_of(events_, [&](const LoggedEvent& place) {
                return same(given, place) && (precedes(place, act) || knew(act, place));
            });
            if (behind) fate = Fate::ended;
        }
    }
    return fate;
}

std::optional<Fate> RuleModel::fate(const model::Digest& leaf, std::size_t part) const {
    const auto event = std::ranges::find(events_, leaf, &LoggedEvent::leaf);
    if (event == events_.end() || !counts(*event) || part >= event->scopes.parts.size()) {
        return std::nullopt;
    }
    return judge(*event, part);
}

std::map<std::pair<model::Digest, std::size_t>, Fate> RuleModel::all() const {
    std::map<std::pair<model::Digest, std::size_t>, Fate> fates;
    for (const LoggedEvent& event : events_) {
        if (!counts(event)) continue;
        for (std::size_t part = 0; part < event.scopes.parts.size(); ++part) {
            fates[{event.leaf, part}] = judge(event, part);
        }
    }
    return fates;
}

}  // namespace sim
