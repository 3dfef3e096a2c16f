// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/views/projector.hpp"

#include <algorithm>
#include <set>

#include "drivers/base/limits.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/authorities/outgoing.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/backend/store/retry.hpp"
#include "sync/model/access_request.hpp"
#include "sync/model/declaration_json.hpp"
#include "sync/model/times.hpp"
#include "sync/seal/scope_tags.hpp"

namespace backend {
namespace {

constexpr Statement read_cursor{"SELECT next_index FROM view_state WHERE id = 1"};
// Only the one who still finds the cursor where it was may write: everybody else drops the step.
constexpr Statement move_cursor{
    "UPDATE view_state SET next_index = $1, unreadable = unreadable + $2,"
    " malformed = malformed + $3 WHERE id = 1 AND next_index = $4 RETURNING next_index"};
constexpr Statement find_entries{
    "SELECT l.log_index, l.terminal, l.epoch, l.seq, l.leaf,"
    " COALESCE(r.header, a.header, q.header), COALESCE(r.scopes, a.scopes, q.scopes),"
    " COALESCE(r.jwe, a.jwe, q.jwe)"
    " FROM log_entry l"
    " LEFT JOIN record r ON r.terminal = l.terminal AND r.epoch = l.epoch AND r.seq = l.seq"
    "  AND r.leaf = l.leaf"
    " LEFT JOIN advance a ON a.leaf = l.leaf"
    " LEFT JOIN quarantine q ON q.terminal = l.terminal AND q.epoch = l.epoch AND q.seq = l.seq"
    "  AND q.leaf = l.leaf"
    " WHERE l.log_index >= $1 ORDER BY l.log_index LIMIT $2"};
constexpr Statement find_parts{"SELECT part_no FROM part WHERE leaf = $1"};
constexpr Statement find_shown_to{
    "SELECT 1 FROM view_item WHERE authority = $1 AND declaration = $2 LIMIT 1"};
constexpr Statement add_item{
    "INSERT INTO view_item (authority, leaf, declaration, entry, act_type, role, handle, match_key,"
    " from_date, to_date, log_index, received_ms, valid, resumes)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING"};
constexpr Statement add_part{
    "INSERT INTO view_part (authority, leaf, part_no, recipient) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT DO NOTHING"};
// Whom an act concerns: the authorities that were shown a part which it ended or suspended. By act,
// and by part.
constexpr Statement concerned_by_act{
    "SELECT DISTINCT v.authority, c.terminal, c.declaration FROM effect e"
    " JOIN view_part v ON v.leaf = e.part_leaf AND v.part_no = e.part_no"
    " JOIN act c ON c.leaf = e.act_leaf WHERE e.act_leaf = $1"};
constexpr Statement concerned_by_part{
    "SELECT DISTINCT v.authority, c.terminal, c.declaration FROM effect e"
    " JOIN view_part v ON v.leaf = e.part_leaf AND v.part_no = e.part_no"
    " JOIN act c ON c.leaf = e.act_leaf WHERE e.part_leaf = $1"};

/// One log entry on its way into the views.
struct Entry {
    std::uint64_t log_index = 0;
    Place place;
    Hash leaf{};
    RecordKind kind = RecordKind::notice;
    base::Bytes scopes;
    std::optional<model::Declaration> declaration;  ///< only if it is shown to authorities
    bool unusable = false;                          ///< it would be, but nobody can read it
};

bool is_shown(RecordKind kind) {
    return kind == RecordKind::grant || kind == RecordKind::decision ||
           kind == RecordKind::objection || kind == RecordKind::provisional_withdrawal ||
           kind == RecordKind::notice;
}

/// The scopes that ingest worked with must be those of what was really declared; else a withdrawal
/// would miss it.
bool agrees(const model::Declaration& declaration, base::ByteView scopes) {
    return base::equal(model::encode(seal::scopes_of(declaration)), scopes);
}

struct Role {
    static constexpr std::int64_t source = 1;
    static constexpr std::int64_t recipient = 2;
};

/// Writes the entries of one step, inside its transaction.
class Filing {
  public:
    explicit Filing(const Projector::Parts& parts)
        : parts_(parts), now_ms_(parts.clock.wall_ms()) {}

    base::Result<void> file(const Entry& entry) {
        if (entry.declaration) TRY_VOID(show(entry));
        if (entry.unusable) TRY_VOID(give_up(entry));
        TRY_VOID(tell(concerned_by_part, entry.leaf));
        return tell(concerned_by_act, entry.leaf);
    }

  private:
    base::Result<void> show(const Entry& entry) {
        TRY(rows, parts_.store.run(find_parts, {entry.leaf}));
        const bool provisional = entry.kind == RecordKind::provisional_withdrawal;
        // A request for access has no parts wherever it stands. It can do no harm, and its term
        // runs: also one of a quarantined chain is shown, once.
        const bool asks = entry.kind == RecordKind::notice;
        if (asks && !model::is_access_request(*entry.declaration)) return {};
        // A quarantined grant has no parts and is shown to nobody.
        if (rows.empty() && !provisional && !asks) return {};
        std::set<std::string> authorities;
        if (const auto& selection = entry.declaration->selection) {
            for (const auto& id : selection->sources) authorities.insert(id.get());
            for (const auto& id : selection->recipients) authorities.insert(id.get());
        }
        if (provisional && authorities.empty()) {
            // A note that names nobody concerns everybody who might hold a grant of this person.
            for (const auto& [id, authority] : parts_.directory.all()) authorities.insert(id);
        }
        for (const std::string& id : authorities) {
            const Authority* authority = parts_.directory.find(id);
            if (authority != nullptr) TRY_VOID(show_to(id, *authority, entry));
            if (authority == nullptr && asks) TRY_VOID(decline(id, entry));
        }
        return {};
    }

    /// Nobody will answer this request: its person must not wait for that. A terminal without a
    /// line offers all authorities of its catalogue, ours may be fewer.
    base::Result<void> decline(const std::string& id, const Entry& entry) {
        TRY_VOID(add_status(parts_.store, parts_.issuer, entry.place.terminal,
                            {entry.declaration->id, model::AuthorityId(id),
                             receipts::AppliedState::not_usable, now_ms_, "technical"}));
        return {};
    }

    /// Nobody acts on what nobody can read: its person must not wait for that. What its scopes end
    /// has ended at ingest all the same.
    base::Result<void> give_up(const Entry& entry) {
        const auto scopes = model::parse_scopes(entry.scopes);
        if (!scopes) return {};
        TRY(parts, parts_.store.run(find_parts, {entry.leaf}));
        const bool takes_effect =
            entry.kind == RecordKind::notice || entry.kind == RecordKind::provisional_withdrawal;
        // Quarantined: its terminal hears of it otherwise.
        if (parts.empty() && !takes_effect) return {};
        return add_event(
            parts_.store, parts_.issuer, entry.place.terminal,
            {scopes->declaration, model::AuthorityId(std::string(receipts::whoever_is_named)),
             receipts::AppliedState::not_usable, now_ms_, "technical"});
    }

    base::Result<void> show_to(const std::string& id, const Authority& authority,
                               const Entry& entry) {
        const model::Declaration& declaration = *entry.declaration;
        const model::AuthorityId self(id);
        if (entry.kind == RecordKind::notice) {
            TRY(shown, parts_.store.run(find_shown_to, {id, declaration.id.get()}));
            if (!shown.empty()) return {};
        }
        std::int64_t role = 0;
        model::Digest handle{};
        model::Digest match_key{};
        std::string from;
        std::string to;
        if (declaration.subject) handle = handle_of(authority, *declaration.subject);
        if (declaration.person) match_key = match_key_of(authority, *declaration.person);
        if (declaration.selection) {
            from = model::to_text(declaration.selection->from);
            if (declaration.selection->to) to = model::to_text(*declaration.selection->to);
        }
        // A note without proof gives nobody a role, whatever it names.
        const auto& selection = declaration.selection;
        if (selection && entry.kind != RecordKind::provisional_withdrawal) {
            if (std::ranges::count(selection->sources, self) > 0) role |= Role::source;
            if (std::ranges::count(selection->recipients, self) > 0) role |= Role::recipient;
            TRY_VOID(show_parts(id, *selection, (role & Role::source) != 0, entry));
        }
        const std::string title = declaration.entry ? declaration.entry->id.get() : std::string();
        Param resumes = nullptr;
        if (declaration.resumes) resumes = base::ByteView(declaration.resumes->get());
        TRY_VOID(parts_.store.run(
            add_item,
            {id, entry.leaf, declaration.id.get(), title, model::word(declaration.act_type), role,
             handle, match_key, from, to, column_of(entry.log_index), column_of(now_ms_),
             std::int64_t{agrees(declaration, entry.scopes) ? 1 : 0}, resumes}));
        TRY_VOID(add_status(parts_.store, parts_.issuer, entry.place.terminal,
                            {declaration.id, self, receipts::AppliedState::received, now_ms_}));
        return {};
    }

    /// A source sees whom it may tell; a recipient sees only itself.
    base::Result<void> show_parts(const std::string& id, const model::Selection& selection,
                                  bool is_source, const Entry& entry) {
        std::int64_t number = 0;
        for (const model::AuthorityId& recipient : selection.recipients) {
            if (is_source || recipient.get() == id) {
                TRY_VOID(parts_.store.run(add_part, {id, entry.leaf, number, recipient.get()}));
            }
            ++number;
        }
        return {};
    }

    /// Tells the terminals of protective acts that the authorities concerned have received them.
    base::Result<void> tell(const Statement& concerned, const Hash& leaf) {
        TRY(rows, parts_.store.run(concerned, {leaf}));
        for (const Row& row : rows) {
            const base::Uuid declaration = uuid_of(base::ByteView(row.bytes(2)).first(16));
            TRY_VOID(add_status(parts_.store, parts_.issuer, uuid_of(row.bytes(1)),
                                {declaration, model::AuthorityId(row.text(0)),
                                 receipts::AppliedState::received, now_ms_}));
        }
        return {};
    }

    const Projector::Parts& parts_;
    std::uint64_t now_ms_;
};

struct Step {
    std::int64_t from;  ///< the cursor before it
    std::int64_t unreadable;
    std::int64_t malformed;
    const std::vector<Entry>& entries;
};

/// Says in the log which entry it was, and why: `detail` is its place.
void report(base::Error error, const Entry& entry) {
    error.detail = static_cast<std::uint32_t>(std::min<std::uint64_t>(entry.log_index, UINT32_MAX));
    base::log_error(error);
}

/// The transaction of one step. Does nothing if somebody else has taken it.
base::Result<void> take(const Projector::Parts& parts, const Step& step) {
    TRY(transaction, Transaction::begin(parts.store));
    const std::int64_t after = column_of(step.entries.back().log_index) + 1;
    TRY(moved, parts.store.run(move_cursor, {after, step.unreadable, step.malformed, step.from}));
    if (moved.empty()) return {};
    Filing filing(parts);
    for (const Entry& entry : step.entries) TRY_VOID(filing.file(entry));
    return transaction.commit();
}

}  // namespace

base::Result<std::size_t> Projector::step() {
    TRY(cursor, parts_.store.run(read_cursor, {}));
    const std::int64_t next = cursor.at(0).number(0);
    TRY(rows, parts_.store.run(find_entries, {next, column_of(limits::projection_step_items_max)}));
    if (rows.empty()) return std::size_t{0};
    std::vector<Entry> entries;
    std::int64_t unreadable = 0;
    std::int64_t malformed = 0;
    // Opening costs milliseconds, so it happens before the transaction.
    for (const Row& row : rows) {
        Entry& entry = entries.emplace_back();
        entry.log_index = row.count(0);
        entry.place = {uuid_of(row.bytes(1)), static_cast<std::uint32_t>(row.count(2)),
                       row.count(3)};
        entry.leaf = array_of<32>(row.bytes(4));
        entry.scopes = row.bytes(6);
        const auto header = model::parse_header(row.bytes(5));
        CHECK(header.has_value());  // it was checked before it was stored
        entry.kind = header->kind;
        if (!is_shown(entry.kind)) continue;
        const std::string& jwe = row.text(7);
        auto declaration = parts_.opener.open(jwe);
        if (declaration) {
            entry.declaration = std::move(*declaration);
            continue;
        }
        report(declaration.error(), entry);
        // Of one that came without its sealed text its terminal had heard before.
        entry.unusable = !jwe.empty();
        const bool locked = jwe.empty() || declaration.error().code == base::Errc::open_failed;
        ++(locked ? unreadable : malformed);
    }
    const Step step{next, unreadable, malformed, entries};
    TRY_VOID(with_retries([&] { return take(parts_, step); }));
    return entries.size();
}

base::Result<void> Projector::catch_up() {
    for (unsigned i = 0; i < catch_up_steps_max; ++i) {
        TRY(taken, step());
        if (taken == 0) return {};
    }
    return {};
}

}  // namespace backend
