// SPDX-License-Identifier: EUPL-1.2
#include "sync/journal/last_common.hpp"

#include <algorithm>

namespace journal {
namespace {

constexpr const char* contested_sql =
    "SELECT count(*) FROM record r JOIN chain c ON c.epoch = r.epoch WHERE r.position = ? AND "
    "(SELECT coalesce(max(epoch), 0) FROM foreign_head) >= coalesce((SELECT b.epoch FROM record b "
    "WHERE b.position = CASE WHEN r.seq > 1 OR c.base_position = 0 THEN r.position - 1 "
    "ELSE c.base_position END), r.epoch)";
// Rows that were chained anew stand no more upon each other.
constexpr const char* between_sql =
    "WITH open AS (SELECT position FROM record r WHERE position > ?1 AND position < ?2 AND "
    "NOT EXISTS(SELECT 1 FROM moved WHERE position = r.position)) SELECT coalesce((SELECT position "
    "FROM open ORDER BY position DESC LIMIT 1 OFFSET ?3), (SELECT min(position) FROM open), 0)";

/// A row between the two; 0 = none, they are neighbours.
base::Result<std::uint64_t> between(Core& core, const Core::Search& search) {
    TRY(query, core.db().query(between_sql));
    TRY(row, query.bind(search.common).bind(search.refused).bind(search.back - 1).step());
    return row ? query.number(0) : 0;
}

std::uint64_t half(const Core::Search& search) {
    return std::max<std::uint64_t>(1, (search.refused - search.common) / 2);
}

}  // namespace

base::Result<bool> continues_contested(Core& core, std::uint64_t position) {
    TRY(query, core.db().query(contested_sql));
    TRY(row, query.bind(position).step());
    return row && query.number(0) != 0;
}

void begin_search(Core& core, std::uint64_t end) {
    core.set_search(Core::Search{0, end, end, 1});
    core.set_copy_again(1);
}

base::Result<std::uint64_t> wanted_for_search(Core& core) {
    Core::Search search = *core.search();
    if (search.common != 0) search.back = half(search);
    core.set_search(search);
    TRY(row, between(core, search));
    if (row != 0) return std::uint64_t{row};
    if (search.refused != search.end) return std::uint64_t{search.refused};
    core.set_search(std::nullopt);
    return std::uint64_t{0};
}

base::Result<bool> note_refused(Core& core, std::uint64_t position) {
    Core::Search search = *core.search();
    if (position == 0) return false;
    TRY(open, between(core, search));
    if (open == 0) return position == search.refused && position != search.end;
    if (position <= search.common || position >= search.refused) return false;
    search.refused = position;
    search.back = search.common == 0 ? search.back * 2 : half(search);
    core.set_search(search);
    return false;
}

}  // namespace journal
