// SPDX-License-Identifier: EUPL-1.2
// What is unsent behind a place: for a stick, which takes everything at once and whose receipts
// come later.
#include "drivers/base/check.hpp"
#include "sync/journal/bodies.hpp"

namespace journal {
namespace {

constexpr const char* position_of_sql =
    "SELECT first + ? - 1 FROM chain WHERE epoch = ? AND seq >= ?";

/// 0 for "nothing yet".
base::Result<std::uint64_t> position_of(Database& db, const Behind& place) {
    if (place.epoch == 0 && place.seq == 0) return std::uint64_t{0};
    const auto none = base::fail(base::Errc::record_bad, "place of no record of ours");
    if (place.seq == 0 || place.seq > INT64_MAX) return none;
    TRY(query, db.query(position_of_sql));
    query.bind(place.seq).bind(place.epoch).bind(place.seq);
    TRY(row, query.step());
    if (!row) return none;
    return query.number(0);
}

}  // namespace

base::Result<std::string> Journal::batch_after(const Behind& place, std::size_t records_max) {
    CHECK(records_max >= 1);
    CHECK(records_max <= limits::batch_records_max);
    return core_->guarded([&]() -> base::Result<std::string> {
        TRY(position, position_of(core_->db(), place));
        TRY(first, first_to_send(*core_, position));
        if (first == 0) return std::string();
        TRY(body, batch_body(*core_, first, records_max));
        return std::move(body.text);
    });
}

base::Result<std::string> Journal::advance_after(const Behind& place) {
    return core_->guarded([&]() -> base::Result<std::string> {
        TRY(position, position_of(core_->db(), place));
        return advance_body(*core_, position);
    });
}

}  // namespace journal
