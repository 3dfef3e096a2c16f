// SPDX-License-Identifier: EUPL-1.2
#include "sync/journal/theft_report.hpp"

#include <algorithm>

#include "sync/journal/examine.hpp"
#include "sync/journal/schema.hpp"
#include "sync/model/record.hpp"

namespace journal {
namespace {

using base::Errc;

constexpr const char* terminal_sql = "SELECT terminal FROM meta";
constexpr const char* headers_sql = "SELECT header FROM record ORDER BY position";
constexpr const char* count_records_sql = "SELECT count(*) FROM record";
constexpr const char* count_sealed_sql = "SELECT count(*) FROM record WHERE jwe <> ''";
constexpr const char* count_lost_sql =
    "SELECT count(*) FROM record r WHERE jwe <> '' AND NOT EXISTS"
    "(SELECT 1 FROM receipt WHERE position = r.position)";
constexpr const char* count_copies_sql = "SELECT count(*) FROM view";
constexpr const char* count_people_sql = "SELECT count(DISTINCT idx) FROM view";
constexpr const char* count_events_sql = "SELECT count(*) FROM event";

struct Count {
    const char* sql;
    std::uint64_t TheftReport::*value;
};
constexpr Count counts[] = {
    {count_records_sql, &TheftReport::records}, {count_sealed_sql, &TheftReport::sealed},
    {count_lost_sql, &TheftReport::unsent},     {count_copies_sql, &TheftReport::copies},
    {count_people_sql, &TheftReport::people},   {count_events_sql, &TheftReport::events}};

base::Result<void> read_span(Database& db, TheftReport& report) {
    TRY(headers, db.query(headers_sql));
    for (;;) {
        TRY(row, headers.step());
        if (!row) return {};
        TRY(header, model::parse_header(headers.blob(0)));
        const std::uint64_t at = header.time.wall_ms;
        // The clock may have been set back in between.
        report.from_ms = report.from_ms == 0 ? at : std::min(report.from_ms, at);
        report.to_ms = std::max(report.to_ms, at);
    }
}

base::Result<TheftReport> count_all(Database& db) {
    TRY_VOID(require_known(db));
    TheftReport report;
    {
        TRY(terminal, db.query(terminal_sql));
        TRY(row, terminal.step());
        const base::Bytes bytes = row ? terminal.blob(0) : base::Bytes();
        std::array<std::uint8_t, 16> id{};
        if (bytes.size() != id.size()) return base::fail(Errc::journal_open_failed, "meta");
        std::ranges::copy(bytes, id.begin());
        report.terminal = base::Uuid(id);
    }
    for (const Count& each : counts) {
        TRY(number, db.number(each.sql));
        report.*(each.value) = number;
    }
    TRY_VOID(read_span(db, report));
    return report;
}

}  // namespace

base::Result<TheftReport> theft_report(const std::filesystem::path& path) {
    TRY(folder, PrivateFolder::make());
    TRY(db, open_copy(path, folder));
    auto report = count_all(db);
    if (!report && report.error().code == Errc::journal_io) {
        return base::fail(Errc::journal_open_failed, "theft report", report.error().detail);
    }
    return report;
}

}  // namespace journal
