// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/views/change_feed.hpp"

#include <optional>

#include "drivers/base/limits.hpp"
#include "sync/backend/authorities/german_day.hpp"
#include "sync/backend/ingest/rule.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/backend/store/retry.hpp"
#include "sync/model/json.hpp"

namespace backend {
namespace {

constexpr const char* event_change = "urn:freigabe:event:change";

constexpr Statement read_cursors{
    "SELECT c.next_index, v.next_index FROM change_state c JOIN view_state v ON v.id = c.id"
    " WHERE c.id = 1"};
// Everybody who writes changes holds this row: numbers are given in one order.
constexpr Statement move_feed{
    "UPDATE change_state SET next_index = $1 WHERE id = 1 AND next_index = $2"
    " RETURNING next_index"};
constexpr Statement lock_feed{
    "UPDATE change_state SET next_index = next_index WHERE id = 1 RETURNING next_index"};
constexpr Statement find_leaves{
    "SELECT leaf FROM log_entry WHERE log_index >= $1 AND log_index < $2 ORDER BY log_index"};

#define ITEM_COLUMNS                                                                    \
    "SELECT i.authority, i.leaf, i.declaration, i.entry, i.act_type, i.role, i.handle," \
    " i.from_date, i.to_date, i.log_index"
constexpr Statement find_items{ITEM_COLUMNS
                               ", i.valid, i.resumes FROM view_item i WHERE i.leaf = $1"
                               " ORDER BY i.authority"};
// What an act did to the parts that an authority was shown; target 0 stands for the whole act.
#define EFFECT_ROWS                                                                         \
    ITEM_COLUMNS                                                                            \
    ", e.act_leaf, e.strength, c.kind, c.declaration, c.wall_ms, v.recipient FROM effect e" \
    " JOIN view_part v ON v.leaf = e.part_leaf AND v.part_no = e.part_no"                   \
    " JOIN view_item i ON i.authority = v.authority AND i.leaf = v.leaf"                    \
    " JOIN act c ON c.leaf = e.act_leaf AND c.target_no = 0 WHERE "
#define EFFECT_ORDER " ORDER BY i.authority, i.leaf, e.act_leaf, v.part_no"
constexpr Statement effects_on_part{EFFECT_ROWS "e.part_leaf = $1" EFFECT_ORDER};
constexpr Statement effects_of_act{EFFECT_ROWS "e.act_leaf = $1" EFFECT_ORDER};
// A note without proof knows a name and a birth date only; the same conditions as in cases.cpp.
#define NOTE_ROWS                                                                       \
    ITEM_COLUMNS                                                                        \
    ", n.leaf, n.declaration, n.received_ms FROM view_item i"                           \
    " JOIN log_entry li ON li.log_index = i.log_index"                                  \
    " JOIN view_item n ON n.authority = i.authority AND n.match_key = i.match_key"      \
    "  AND n.role = 0 AND (n.entry = '' OR n.entry = i.entry)"                          \
    " JOIN log_entry ln ON ln.log_index = n.log_index"                                  \
    " WHERE i.role <> 0 AND i.valid = 1 AND i.act_type <> 'objection'"                  \
    "  AND n.log_index >= (SELECT MAX(p.observed) FROM part p WHERE p.leaf = i.leaf)"   \
    "  AND NOT (ln.terminal = li.terminal AND ln.epoch = li.epoch AND ln.seq < li.seq)" \
    "  AND EXISTS (SELECT 1 FROM view_part v JOIN part p ON p.leaf = v.leaf"            \
    "   AND p.part_no = v.part_no WHERE v.authority = i.authority AND v.leaf = i.leaf"  \
    "   AND p.state = 0) AND "
#define NOTE_ORDER " ORDER BY i.authority, i.leaf, n.leaf"
constexpr Statement notes_on_item{NOTE_ROWS "i.leaf = $1" NOTE_ORDER};
constexpr Statement items_of_note{NOTE_ROWS "n.leaf = $1" NOTE_ORDER};
#undef NOTE_ROWS
#undef NOTE_ORDER
#undef EFFECT_ROWS
#undef EFFECT_ORDER

// Of what ends by its date, and what step() has told as received. One that nobody may use any more
// is settled without a word.
constexpr Statement find_over{
    ITEM_COLUMNS
    ", EXISTS (SELECT 1 FROM view_part v JOIN part p ON p.leaf = v.leaf"
    " AND p.part_no = v.part_no WHERE v.authority = i.authority AND v.leaf = i.leaf"
    " AND p.state < 2) AND i.valid = 1 AND i.act_type <> 'objection'"
    " FROM view_item i WHERE i.expiry_told = 0 AND i.to_date <> ''"
    " AND i.to_date < $1 AND i.log_index < $2"
    " ORDER BY i.to_date, i.log_index, i.authority LIMIT $3"};
#undef ITEM_COLUMNS
constexpr Statement settle_expiry{
    "UPDATE view_item SET expiry_told = 1 WHERE authority = $1 AND leaf = $2"};

constexpr Statement find_change{
    "SELECT n FROM change WHERE authority = $1 AND leaf = $2 AND kind = $3 AND cause = $4"};
constexpr Statement next_number{
    "INSERT INTO change_counter (authority, last_n) VALUES ($1, 1) ON CONFLICT (authority)"
    " DO UPDATE SET last_n = change_counter.last_n + 1 RETURNING last_n"};
constexpr Statement add_change{
    "INSERT INTO change (authority, n, kind, leaf, cause, declaration, urgent, filed_ms, jti, "
    "token)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"};

constexpr std::size_t item_columns = 10;

/// The columns that every query here begins with.
struct Item {
    explicit Item(const Row& row)
        : authority(row.text(0)),
          leaf(row.bytes(1)),
          declaration(uuid_of(row.bytes(2))),
          entry(row.text(3)),
          act_type(row.text(4)),
          role(row.number(5)),
          handle(row.bytes(6)),
          from(row.text(7)),
          to(row.text(8)),
          log_index(row.count(9)) {}
    [[nodiscard]] bool same(const Row& row) const {
        return row.text(0) == authority && row.bytes(1) == leaf;
    }

    std::string authority;
    base::Bytes leaf;
    base::Uuid declaration;
    std::string entry;
    std::string act_type;
    std::int64_t role;
    base::Bytes handle;
    std::string from;
    std::string to;
    std::uint64_t log_index;
};

/// What stands behind a change: the act, and what it did to whom.
struct Cause {
    base::Bytes leaf;
    std::string kind;
    base::Uuid declaration;
    std::uint64_t at_ms = 0;
    std::vector<std::string> recipients;
};

std::string_view role_word(std::int64_t role) {
    constexpr std::string_view words[] = {"none", "source", "recipient", "both"};
    CHECK(role >= 0 && role < 4);
    return words[role];
}

/// What an authority must hear of without asking, because it has to stop something or has a term
/// to keep.
bool is_urgent(std::string_view kind) {
    return kind != "received" && kind != "resumed" && kind != "invalid";
}

/// Writes changes inside its caller's transaction, which holds the row of change_state.
class Telling {
  public:
    explicit Telling(const ChangeFeed::Parts& parts)
        : parts_(parts), now_ms_(parts.clock.wall_ms()) {}

    base::Result<void> leaf(const base::Bytes& leaf) {
        TRY_VOID(received(leaf));
        for (const Statement* statement : {&effects_on_part, &effects_of_act}) {
            TRY_VOID(effects(*statement, leaf));
        }
        for (const Statement* statement : {&notes_on_item, &items_of_note}) {
            TRY(rows, parts_.store.run(*statement, {leaf}));
            for (const Row& row : rows) {
                TRY_VOID(add("suspended", Item(row),
                             Cause{row.bytes(item_columns),
                                   "provisional_withdrawal",
                                   uuid_of(row.bytes(item_columns + 1)),
                                   row.count(item_columns + 2),
                                   {}}));
            }
        }
        return {};
    }

    base::Result<void> over(const Row& row) {
        const Item item(row);
        const auto last_day = model::parse_date(item.to);
        CHECK(last_day.has_value());  // the projector wrote it
        if (row.number(item_columns) != 0) {
            Cause cause;
            cause.at_ms = german_day_end_ms(*last_day);
            TRY_VOID(add("expired", item, cause));
        }
        TRY_VOID(parts_.store.run(settle_expiry, {item.authority, item.leaf}));
        return {};
    }

  private:
    base::Result<void> received(const base::Bytes& leaf) {
        TRY(rows, parts_.store.run(find_items, {leaf}));
        for (const Row& row : rows) {
            const Item item(row);
            Cause cause;
            cause.at_ms = now_ms_;
            std::string_view kind = "received";
            if (row.number(item_columns) == 0) {
                kind = "invalid";
            } else if (item.role == 0) {
                kind = "note";
            } else if (item.act_type == "objection") {
                kind = "objection";
            } else if (item.act_type == "notice") {
                kind = "access_request";
            } else if (!row.is_null(item_columns + 1)) {
                kind = "resumed";
                cause.declaration = uuid_of(row.bytes(item_columns + 1));
            }
            TRY_VOID(add(kind, item, cause));
        }
        return {};
    }

    /// Rows of one item and one act stand together, a row for each recipient that it touches.
    base::Result<void> effects(const Statement& statement, const base::Bytes& leaf) {
        TRY(rows, parts_.store.run(statement, {leaf}));
        for (std::size_t at = 0; at < rows.size();) {
            const Item item(rows[at]);
            Cause cause;
            cause.leaf = rows[at].bytes(item_columns);
            cause.kind = model::word(static_cast<RecordKind>(rows[at].number(item_columns + 2)));
            cause.declaration = uuid_of(base::ByteView(rows[at].bytes(item_columns + 3)).first(16));
            cause.at_ms = rows[at].count(item_columns + 4);
            auto strength = Effect::none;
            for (; at < rows.size() && item.same(rows[at]) &&
                   rows[at].bytes(item_columns) == cause.leaf;
                 ++at) {
                strength =
                    std::max(strength, static_cast<Effect>(rows[at].number(item_columns + 1)));
                cause.recipients.push_back(rows[at].text(item_columns + 5));
            }
            const bool ends = strength == Effect::ends;
            const std::string_view kind = !ends                          ? "suspended"
                                          : item.act_type == "objection" ? "objection_ended"
                                                                         : "withdrawn";
            TRY_VOID(add(kind, item, cause));
        }
        return {};
    }

    base::Result<void> add(std::string_view kind, const Item& item, const Cause& cause) {
        TRY(known, parts_.store.run(find_change, {item.authority, item.leaf, kind, cause.leaf}));
        if (!known.empty()) return {};
        TRY(number, parts_.store.run(next_number, {item.authority}));
        const std::int64_t n = number.at(0).number(0);
        TRY(token, parts_.issuer.event_for(item.authority, event_change,
                                           event_json(kind, item, cause, n)));
        TRY_VOID(parts_.store.run(
            add_change,
            {item.authority, n, kind, item.leaf, cause.leaf, item.declaration.get(),
             std::int64_t{is_urgent(kind) ? 1 : 0}, column_of(now_ms_), token.id, token.text}));
        return {};
    }

    static std::string event_json(std::string_view kind, const Item& item, const Cause& cause,
                                  std::int64_t n) {
        model::JsonWriter json;
        json.number("n", static_cast<std::uint64_t>(n))
            .text("kind", kind)
            .text("declaration", base::to_text(item.declaration))
            .text("entry", item.entry)
            .text("act_type", item.act_type)
            .text("role", role_word(item.role))
            .bytes("handle", item.handle)
            .text("from", item.from)
            .text("until", item.to)
            .text("at", model::to_rfc3339(cause.at_ms))
            .number("log_index", item.log_index)
            .bytes("leaf", item.leaf);
        if (!cause.recipients.empty()) json.texts("recipients", cause.recipients);
        if (kind == "resumed") json.text("resumes", base::to_text(cause.declaration));
        if (!cause.kind.empty()) {
            json.raw("by", model::JsonWriter()
                               .text("declaration", base::to_text(cause.declaration))
                               .text("kind", cause.kind)
                               .done());
        }
        return json.done();
    }

    const ChangeFeed::Parts& parts_;
    std::uint64_t now_ms_;
};

}  // namespace

base::Result<std::size_t> ChangeFeed::step() {
    TRY(cursors, parts_.store.run(read_cursors, {}));
    const std::int64_t next = cursors.at(0).number(0);
    const std::int64_t end =
        std::min(cursors[0].number(1), next + column_of(limits::projection_step_items_max));
    if (end <= next) return std::size_t{0};
    const auto take = [&]() -> base::Result<void> {
        TRY(transaction, Transaction::begin(parts_.store));
        TRY(moved, parts_.store.run(move_feed, {end, next}));
        // Somebody else has taken this step.
        if (moved.empty()) return {};
        TRY(leaves, parts_.store.run(find_leaves, {next, end}));
        Telling telling(parts_);
        for (const Row& row : leaves) TRY_VOID(telling.leaf(row.bytes(0)));
        return transaction.commit();
    };
    TRY_VOID(with_retries(take));
    return static_cast<std::size_t>(end - next);
}

base::Result<std::size_t> ChangeFeed::expire() {
    const std::string today = german_day(parts_.clock.wall_ms());
    TRY(cursors, parts_.store.run(read_cursors, {}));
    // Most of the time there is nothing, and then nobody is kept from writing.
    TRY(any, parts_.store.run(find_over, {today, cursors.at(0).number(0), std::int64_t{1}}));
    if (any.empty()) return std::size_t{0};
    return with_retries([&]() -> base::Result<std::size_t> {
        TRY(transaction, Transaction::begin(parts_.store));
        TRY(locked, parts_.store.run(lock_feed, {}));
        TRY(rows, parts_.store.run(find_over, {today, locked.at(0).number(0),
                                               column_of(limits::projection_step_items_max)}));
        Telling telling(parts_);
        for (const Row& row : rows) TRY_VOID(telling.over(row));
        TRY_VOID(transaction.commit());
        return rows.size();
    });
}

base::Result<void> ChangeFeed::catch_up() {
    for (unsigned i = 0; i < catch_up_steps_max; ++i) {
        TRY(taken, step());
        if (taken == 0) break;
    }
    for (unsigned i = 0; i < catch_up_steps_max; ++i) {
        TRY(looked_at, expire());
        if (looked_at == 0) break;
    }
    return {};
}

}  // namespace backend
