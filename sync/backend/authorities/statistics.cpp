// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/authorities/statistics.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "drivers/base/limits_portal.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/backend/authorities/german_day.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/backend/store/retry.hpp"
#include "sync/model/json.hpp"

namespace backend {
namespace {

using Month = std::chrono::year_month;

constexpr Statement find_first{"SELECT MIN(received_ms) FROM view_item WHERE authority = $1"};
constexpr Statement claim_month{
    "INSERT INTO statistic_month (authority, month, published_ms) VALUES ($1, $2, $3)"
    " ON CONFLICT (authority, month) DO NOTHING RETURNING month"};
constexpr Statement find_month{
    "SELECT month FROM statistic_month WHERE authority = $1 AND month = $2"};
constexpr Statement count_given{
    "SELECT entry, COUNT(DISTINCT handle) FROM view_item WHERE authority = $1 AND role <> 0"
    " AND valid = 1 AND act_type NOT IN ('objection', 'notice') AND received_ms >= $2 AND "
    "received_ms < $3"
    " GROUP BY entry ORDER BY entry"};
constexpr Statement count_objections{
    "SELECT entry, COUNT(DISTINCT handle) FROM view_item WHERE authority = $1 AND role <> 0"
    " AND valid = 1 AND act_type = 'objection' AND received_ms >= $2 AND received_ms < $3"
    " GROUP BY entry ORDER BY entry"};
constexpr Statement count_withdrawn{
    "SELECT i.entry, COUNT(DISTINCT i.handle) FROM change c JOIN view_item i"
    " ON i.authority = c.authority AND i.leaf = c.leaf WHERE c.authority = $1"
    " AND c.kind = 'withdrawn' AND c.filed_ms >= $2 AND c.filed_ms < $3"
    " GROUP BY i.entry ORDER BY i.entry"};
constexpr Statement add_cell{
    "INSERT INTO statistic (authority, month, measure, entry, persons) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (authority, month, measure, entry) DO NOTHING"};
constexpr Statement find_months{
    "SELECT month FROM statistic_month WHERE authority = $1 ORDER BY month DESC LIMIT $2"};
constexpr Statement find_cells{
    "SELECT measure, entry, persons FROM statistic WHERE authority = $1 AND month = $2"
    " ORDER BY measure, entry"};

struct Measure {
    const char* word;
    const Statement* count;
};
constexpr Measure measures[] = {
    {"given", &count_given}, {"withdrawn", &count_withdrawn}, {"objection", &count_objections}};

Month month_of(std::uint64_t unix_ms) {
    const auto day = model::parse_date(german_day(unix_ms));
    CHECK(day.has_value());
    return {day->year(), day->month()};
}

std::uint64_t start_of(Month month) {
    return german_day_start_ms(month / std::chrono::day{1});
}

std::string text_of(Month month) {
    return model::to_text(month / std::chrono::day{1}).substr(0, 7);
}

/// Where the steps of one cell lie: the same each time, and known to the backend alone.
std::uint64_t offset_of(const Authority& authority, std::string_view month,
                        std::string_view measure, std::string_view entry) {
    const std::string text =
        "statistic|" + std::string(month) + '|' + std::string(measure) + '|' + std::string(entry);
    const auto mac = crypto::hmac_sha256(authority.secret.expose(), base::as_bytes(text));
    return base::read_u64(base::ByteView(mac).first(8)) % limits::statistics_step;
}

base::Result<void> publish(Store& store, std::string_view id, const Authority& authority,
                           Month month, std::uint64_t now_ms) {
    const std::string name = text_of(month);
    TRY(known, store.run(find_month, {id, name}));
    if (!known.empty()) return {};
    TRY(transaction, Transaction::begin(store));
    TRY(claimed, store.run(claim_month, {id, name, column_of(now_ms)}));
    if (claimed.empty()) return {};
    const std::int64_t from = column_of(start_of(month));
    const std::int64_t to = column_of(start_of(month + std::chrono::months{1}));
    for (const Measure& measure : measures) {
        TRY(rows, store.run(*measure.count, {id, from, to}));
        for (const Row& row : rows) {
            const std::string& entry = row.text(0);
            const std::uint64_t persons =
                published_persons(row.count(1), offset_of(authority, name, measure.word, entry));
            if (persons == 0) continue;
            TRY_VOID(store.run(add_cell, {id, name, measure.word, entry, column_of(persons)}));
        }
    }
    return transaction.commit();
}

/// The months that may be published at this moment, oldest first.
std::vector<Month> due_months(std::uint64_t first_ms, std::uint64_t now_ms) {
    // A day's grace: what another instance filed at the last moment is there by then.
    const Month end = month_of(now_ms - std::min(now_ms, limits::statistics_grace_ms));
    Month month =
        std::max(month_of(first_ms), end - std::chrono::months{limits::statistics_months_max});
    std::vector<Month> months;
    for (; month < end; month += std::chrono::months{1}) months.push_back(month);
    return months;
}

}  // namespace

std::uint64_t published_persons(std::uint64_t persons, std::uint64_t offset) {
    CHECK(offset < limits::statistics_step);
    if (persons < limits::statistics_persons_min + offset) return 0;
    return (persons - offset) / limits::statistics_step * limits::statistics_step;
}

base::Result<std::string> statistics(Store& store, std::string_view id, const Authority& authority,
                                     std::uint64_t now_ms) {
    TRY(first, store.run(find_first, {id}));
    if (!first.at(0).is_null(0)) {
        for (const Month month : due_months(first[0].count(0), now_ms)) {
            TRY_VOID(with_retries([&] { return publish(store, id, authority, month, now_ms); }));
        }
    }
    TRY(months, store.run(find_months, {id, std::int64_t{limits::statistics_months_max}}));
    std::vector<std::string> texts;
    for (auto month = months.rbegin(); month != months.rend(); ++month) {
        TRY(rows, store.run(find_cells, {id, month->text(0)}));
        std::vector<std::string> cells;
        cells.reserve(rows.size());
        for (const Row& row : rows) {
            cells.push_back(model::JsonWriter()
                                .text("measure", row.text(0))
                                .text("entry", row.text(1))
                                .number("persons", row.count(2))
                                .done());
        }
        texts.push_back(model::JsonWriter()
                            .text("month", month->text(0))
                            .raw("cells", model::json_array(cells))
                            .done());
    }
    return model::JsonWriter()
        .number("k", limits::statistics_persons_min)
        .number("step", limits::statistics_step)
        .raw("months", model::json_array(texts))
        .done();
}

}  // namespace backend
