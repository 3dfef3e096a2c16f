// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/views/releases.hpp"

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/model/json.hpp"

namespace backend {
namespace {

// Entry and recipient stand in the views, once they have caught up; any authority that was shown
// the part has them.
constexpr Statement find_releases{
    "SELECT p.leaf, p.part_no, p.declaration, p.kind, p.state, p.terminal, p.epoch, p.seq, "
    "l.log_index,"
    " (SELECT MIN(i.entry) FROM view_item i WHERE i.leaf = p.leaf),"
    " (SELECT MIN(v.recipient) FROM view_part v WHERE v.leaf = p.leaf AND v.part_no = p.part_no)"
    " FROM part p LEFT JOIN log_entry l ON l.terminal = p.terminal AND l.epoch = p.epoch"
    " AND l.seq = p.seq AND l.leaf = p.leaf WHERE p.tag_s = $1"
    " ORDER BY l.log_index, p.leaf, p.part_no LIMIT $2"};
constexpr Statement find_endings{
    "SELECT DISTINCT c.declaration FROM effect e JOIN act c ON c.leaf = e.act_leaf"
    " WHERE e.part_leaf = $1 AND e.part_no = $2 LIMIT $3"};

std::string_view state_word(std::int64_t state) {
    switch (static_cast<Effect>(state)) {
        case Effect::none:
            return "alive";
        case Effect::suspends:
            return "suspended";
        case Effect::ends:
            return "ended";
    }
    return "ended";
}

std::string declaration_text(const base::Bytes& padded) {
    return base::to_text(uuid_of(base::ByteView(padded).first(16)));
}

base::Result<std::string> release_json(Store& store, const Row& row) {
    TRY(endings,
        store.run(find_endings, {row.bytes(0), row.number(1), column_of(limits::targets_max)}));
    std::vector<std::string> ended_by;
    ended_by.reserve(endings.size());
    for (const Row& ending : endings) ended_by.push_back(declaration_text(ending.bytes(0)));
    model::JsonWriter json;
    json.text("declaration", declaration_text(row.bytes(2)))
        .text("kind", model::word(static_cast<RecordKind>(row.number(3))))
        .number("part", row.count(1))
        .text("state", state_word(row.number(4)))
        .text("terminal", base::to_text(uuid_of(row.bytes(5))))
        .number("epoch", row.count(6))
        .number("seq", row.count(7))
        .texts("ended_by", ended_by);
    if (!row.is_null(8)) json.number("log_index", row.count(8));
    if (!row.is_null(9)) json.text("entry", row.text(9));
    if (!row.is_null(10)) json.text("recipient", row.text(10));
    return json.done();
}

}  // namespace

base::Result<std::string> subject_releases(Store& store, const Tag& tag_s) {
    TRY(rows, store.run(find_releases, {tag_s, column_of(limits::inbox_items_max)}));
    std::vector<std::string> releases;
    std::uint64_t alive = 0;
    for (const Row& row : rows) {
        if (row.number(4) == static_cast<std::int64_t>(Effect::none)) ++alive;
        TRY(json, release_json(store, row));
        releases.push_back(std::move(json));
    }
    return model::JsonWriter()
        .text("subject", base::to_hex(tag_s))
        .number("alive", alive)
        .raw("releases", model::json_array(releases))
        .done();
}

}  // namespace backend
