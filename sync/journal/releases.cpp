// SPDX-License-Identifier: EUPL-1.2
// "My releases": opens the holder's own copies and says how far each has come and whether it still
// stands. What was taken back at another terminal is not known here; the backend's answer is added
// elsewhere.
#include <algorithm>

#include "sync/journal/core.hpp"
#include "sync/model/declaration_json.hpp"
#include "sync/seal/scope_tags.hpp"
#include "sync/seal/view.hpp"

namespace journal {
namespace {

using base::ByteView;
using base::Errc;
using model::Kind;

// Of one that was chained anew its present place counts: the backend may have taken back what it
// had acknowledged at the former one.
constexpr const char* views_sql =
    "SELECT v.position, r.epoch, r.seq, v.sealed, EXISTS(SELECT 1 FROM receipt q "
    "WHERE q.position = coalesce((SELECT successor FROM moved m WHERE m.position = v.position), "
    "v.position)) FROM view v JOIN record r ON r.position = v.position "
    "WHERE v.idx = ? ORDER BY v.position DESC";
constexpr const char* acts_sql =
    "SELECT r.kind, t.target_kind, r.scopes FROM target t JOIN record r ON r.position = t.position "
    "WHERE t.value = ? AND t.position > ?";
constexpr const char* events_sql =
    "SELECT authority, state, at_ms FROM event WHERE declaration = ? ORDER BY n";

struct Copy {
    std::uint64_t position = 0;
    Release release;
};

/// What an act of one kind does to a declaration of another; see the rule in architecture.md 4.
enum class Effect : std::uint8_t { none, suspends, ends };
Effect effect_of(Kind act, Kind declaration) {
    if (declaration == Kind::notice) return Effect::none;
    if (declaration == Kind::objection) {
        return act == Kind::objection_withdrawn ? Effect::ends : Effect::none;
    }
    if (act == Kind::withdrawal || act == Kind::objection) return Effect::ends;
    return act == Kind::provisional_withdrawal ? Effect::suspends : Effect::none;
}

/// Collects the strongest effect of all later acts that are aimed at `value`.
base::Result<Effect> effect_on(Database& db, const Copy& copy, const model::Scopes& own,
                               const model::Digest& value) {
    const Kind kind = model::kind_of(copy.release.declaration);
    Effect strongest = Effect::none;
    TRY(query, db.query(acts_sql));
    query.bind(ByteView(value)).bind(copy.position);
    for (;;) {
        TRY(row, query.step());
        if (!row) return strongest;
        const base::Bytes bytes = query.blob(2);
        // Compaction leaves the scopes of what protects; the end of an objection has none then.
        if (!bytes.empty()) {
            TRY(scopes, model::parse_scopes(bytes));
            // A take-back code knows no subject; it counts with the secret of this very slip.
            const bool by_slip = scopes.tag_s == model::Digest{};
            if (by_slip && scopes.slip_hash != own.slip_hash) continue;
        }
        strongest = std::max(strongest, effect_of(static_cast<Kind>(query.number(0)), kind));
    }
}

PartStatus& part_of(Release& release, const model::AuthorityId& authority) {
    const auto found = std::find_if(release.parts.begin(), release.parts.end(),
                                    [&](const PartStatus& p) { return p.authority == authority; });
    if (found != release.parts.end()) return *found;
    PartStatus& added = release.parts.emplace_back();
    added.authority = authority;
    // Not a recipient of this declaration (a source that reported, or a withdrawal): nothing of
    // it can be alive.
    added.alive = false;
    return added;
}

base::Result<void> read_events(Database& db, Release& release) {
    TRY(query, db.query(events_sql));
    query.bind(ByteView(release.declaration.id.get()));
    for (;;) {
        TRY(row, query.step());
        if (!row) return {};
        const std::string authority(query.text(0));
        const auto state = static_cast<receipts::AppliedState>(query.number(1));
        const std::uint64_t at_ms = query.number(2);
        if (authority == receipts::whoever_is_named) {
            // The backend's word for all of them; what one says itself counts for that one.
            for (PartStatus& part : release.parts) {
                if (!part.state) part.state = state, part.at_ms = at_ms;
            }
            continue;
        }
        PartStatus& part = part_of(release, model::AuthorityId(authority));
        part.state = state;
        part.at_ms = at_ms;
    }
}

base::Result<void> read_parts(Database& db, Copy& copy) {
    Release& release = copy.release;
    const model::Declaration& declaration = release.declaration;
    if (declaration.event == model::Event::given && declaration.selection) {
        const model::Scopes own = seal::scopes_of(declaration);
        TRY(by_id, effect_on(db, copy, own, model::declaration_value(declaration.id)));
        TRY(by_subject, effect_on(db, copy, own, own.tag_s));
        for (std::size_t i = 0; i < own.parts.size(); ++i) {
            TRY(by_recipient, effect_on(db, copy, own, own.parts[i].tag_sr));
            TRY(by_entry, effect_on(db, copy, own, own.parts[i].tag_er));
            const Effect effect = std::max({by_id, by_subject, by_recipient, by_entry});
            PartStatus& part = release.parts.emplace_back();
            part.authority = declaration.selection->recipients[i];
            part.alive = effect != Effect::ends;
            part.suspended = effect == Effect::suspends;
        }
    }
    return read_events(db, release);
}

base::Result<std::vector<Copy>> open_copies(Core& core, const seal::ViewKey& key) {
    const model::Digest index = seal::view_index(key);
    std::vector<Copy> copies;
    TRY(query, core.db().query(views_sql));
    query.bind(ByteView(index));
    for (;;) {
        TRY(row, query.step());
        if (!row) return copies;
        Copy copy;
        copy.position = query.number(0);
        copy.release.key = {core.options().terminal, static_cast<std::uint32_t>(query.number(1)),
                            query.number(2)};
        copy.release.acknowledged = query.number(4) != 0;
        TRY(plain, seal::open_view(query.blob(3), copy.release.key, key));
        auto declaration = model::parse_declaration(base::as_text(plain));
        base::wipe(plain);
        if (!declaration) return base::fail(Errc::open_failed, declaration.error().where);
        copy.release.declaration = std::move(*declaration);
        copies.push_back(std::move(copy));
    }
}

}  // namespace

base::Result<std::vector<Release>> Journal::my_releases(base::ByteView pseudonym) {
    return core_->guarded([&]() -> base::Result<std::vector<Release>> {
        const seal::ViewKey key = seal::view_key(pseudonym, core_->salt());
        TRY(copies, open_copies(*core_, key));
        std::vector<Release> out;
        for (Copy& copy : copies) {
            TRY_VOID(read_parts(core_->db(), copy));
            out.push_back(std::move(copy.release));
        }
        return out;
    });
}

}  // namespace journal
