// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/metrics.hpp"

#include <filesystem>

#include "drivers/base/check.hpp"
#include "sync/backend/authorities/cases.hpp"
#include "sync/backend/authorities/german_day.hpp"
#include "sync/backend/ingest/gaps.hpp"
#include "sync/backend/service/exposition.hpp"
#include "sync/backend/store/columns.hpp"

namespace backend {
namespace {

// Withdrawn or suspended for an authority that has not assigned the person: somebody must look
// today.
constexpr Statement read_gauges{
    "SELECT (SELECT log_size FROM log_state WHERE id = 1),"
    " (SELECT COALESCE(SUM(next_seq - 1 - logged_seq), 0) FROM chain WHERE logged_seq < next_seq - "
    "1)"
    "  + (SELECT COUNT(*) FROM log_pending),"
    " (SELECT log_size FROM log_state WHERE id = 1) - (SELECT next_index FROM view_state WHERE id "
    "= 1),"
    " (SELECT COUNT(*) FROM quarantine),"
    " (SELECT unreadable FROM view_state WHERE id = 1),"
    " (SELECT malformed FROM view_state WHERE id = 1),"
    " (SELECT COUNT(*) FROM terminal),"
    " (SELECT COUNT(*) FROM terminal WHERE revoked_ms IS NOT NULL),"
    " (SELECT COALESCE(MAX(ahead_ms), 0) FROM terminal WHERE revoked_ms IS NULL)"};
constexpr Statement read_alarms{
    "SELECT (SELECT COUNT(*) FROM view_item n"
    " LEFT JOIN assignment a ON a.authority = n.authority AND a.handle = n.handle"
    " WHERE n.role = 0 AND n.valid = 1 AND a.file_number IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM status s WHERE s.authority = n.authority"
    "  AND s.declaration = n.declaration AND s.state <> 'received'))"
    " + COUNT(*) FROM (SELECT DISTINCT v.authority, v.leaf FROM effect e"
    " JOIN view_part v ON v.leaf = e.part_leaf AND v.part_no = e.part_no"
    " JOIN view_item i ON i.authority = v.authority AND i.leaf = v.leaf"
    " LEFT JOIN assignment a ON a.authority = i.authority AND a.handle = i.handle"
    " WHERE a.file_number IS NULL AND i.valid = 1 AND i.act_type <> 'objection') open_alarms"};
// What a receiver of webhooks has not taken, and since when the oldest waits.
constexpr Statement read_webhooks{
    "SELECT COUNT(*), COALESCE(MIN(c.filed_ms), 0) FROM change c JOIN webhook_state w"
    " ON w.authority = c.authority WHERE c.urgent = 1 AND c.n > w.delivered_n"};
// The terminal of each site that has been silent longest.
constexpr Statement read_sites{
    "SELECT site, MIN(CASE WHEN contact_ms = 0 THEN enrolled_ms ELSE contact_ms END)"
    " FROM terminal WHERE revoked_ms IS NULL GROUP BY site ORDER BY site LIMIT $1"};
// A federal state has some hundred sites; a scrape stays below a megabyte.
constexpr std::int64_t sites_max = 5'000;

void add_counters(Exposition& out, const Counters& counters) {
    out.counter("requests", "Requests answered.", counters.requests);
    out.counter("refusals", "Requests answered with 400 or above.", counters.refusals);
    out.counter("records", "Records newly stored, advance copies among them.", counters.records);
    out.counter("repeats", "Deliveries that brought nothing new.", counters.repeats);
    out.counter("gaps", "Batches that did not continue their chain.", counters.gaps);
    out.counter("forks", "Batches that contradict their chain.", counters.forks);
    out.counter("unusable_records", "Records whose scopes contradict themselves.",
                counters.unusable);
    out.counter("receipts", "Receipts signed.", counters.receipts);
    out.counter("revoked_deliveries", "Deliveries of terminals out of service.", counters.revoked);
    out.counter("clock_behind", "Deliveries whose clock stood before signed backend time.",
                counters.clock_behind);
    out.counter("log_conflicts", "Terminals that had verified another or a larger log than ours.",
                counters.log_conflicts);
    const Background& background = counters.background;
    out.counter("webhooks_sent", "Urgent changes that a receiver has taken.",
                background.webhooks_sent);
    out.counter("webhooks_failed", "Attempts that a receiver did not take.",
                background.webhooks_failed);
    out.counter("leases_lost", "Times that the log's sequencing went to another instance.",
                background.leases_lost);
    out.begin("counter", "responses", "Answers by status.");
    for (const auto& [status, count] : counters.statuses)
        out.sample("responses_total", "status", std::to_string(status), count);
    out.begin("counter", "problems", "Refusals and failures by kind (interface.md).");
    for (const auto& [word, count] : counters.problems)
        out.sample("problems_total", "problem", word, count);
}

void add_histograms(Exposition& out, const Counters& counters) {
    out.begin("histogram", "request_duration_seconds", "Time to answer, by route.", "seconds");
    for (const auto& [route, histogram] : counters.durations)
        out.histogram("request_duration_seconds", {"route", std::string(route)}, histogram.counts,
                      duration_bounds_ms, histogram.sum_ms);
    out.begin("histogram", "delivery_delay_seconds",
              "From recorded at the terminal to stored here, by its clock.", "seconds");
    out.histogram("delivery_delay_seconds", {"lane", "chain"}, counters.chain_delay.counts,
                  delay_bounds_ms, counters.chain_delay.sum_ms);
    out.histogram("delivery_delay_seconds", {"lane", "advance"}, counters.advance_delay.counts,
                  delay_bounds_ms, counters.advance_delay.sum_ms);
}

/// How long the queue has not been empty, as far as we looked.
std::uint64_t age_ms(std::optional<std::uint64_t>& since_ms, std::int64_t queue,
                     std::uint64_t now_ms) {
    if (queue <= 0) {
        since_ms.reset();
        return 0;
    }
    if (!since_ms) since_ms = now_ms;
    return now_ms - *since_ms;
}

base::Result<void> add_gauges(Exposition& out, Store& store, Counters& counters,
                              std::uint64_t boot_ms) {
    TRY(gauges, store.run(read_gauges, {}));
    TRY(alarms, store.run(read_alarms, {}));
    CHECK(gauges.size() == 1);
    const Row& row = gauges[0];
    out.gauge("log_size", "Entries in the log.", row.number(0));
    out.gauge("log_queue", "Records that wait for their place in the log.", row.number(1));
    out.seconds("log_queue_age_seconds", "How long some record has waited for its place.",
                age_ms(counters.log_queue_since_ms, row.number(1), boot_ms));
    out.gauge("view_queue", "Log entries that the views have not taken.", row.number(2));
    out.seconds("view_queue_age_seconds", "How long some entry has waited for the views.",
                age_ms(counters.view_queue_since_ms, row.number(2), boot_ms));
    out.gauge("quarantined_records", "Records kept because they contradict a chain.",
              row.number(3));
    out.gauge("unreadable_records", "Sealed records that no views key opens.", row.number(4));
    out.gauge("malformed_records", "Records that were opened and are no declarations.",
              row.number(5));
    out.gauge("terminals", "Enrolled terminals, those out of service among them.", row.number(6));
    out.gauge("revoked_terminals", "Terminals out of service.", row.number(7));
    out.seconds("clock_ahead_seconds", "How far the clock of a terminal was ahead, at most.",
                row.count(8));
    out.gauge("alarms", "Withdrawals that no authority's file has been found for.",
              alarms[0].number(0));
    return {};
}

base::Result<void> add_gaps(Exposition& out, Store& store, std::uint64_t now_ms) {
    TRY(open, open_gaps(store));
    out.gauge("gaps_open", "Terminals that wait for records before theirs.",
              static_cast<std::int64_t>(open.terminals));
    out.seconds("gap_oldest_age_seconds", "How long the longest of them has waited.",
                open.since_ms == 0 || open.since_ms > now_ms ? 0 : now_ms - open.since_ms);
    return {};
}

base::Result<void> add_overdue(Exposition& out, Store& store, std::uint64_t now_ms) {
    TRY(overdue, count_overdue(store, german_day(now_ms)));
    out.gauge("access_requests_overdue", "Requests for access unanswered after their last day.",
              static_cast<std::int64_t>(overdue));
    return {};
}

base::Result<void> add_webhooks(Exposition& out, Store& store, std::uint64_t now_ms) {
    TRY(rows, store.run(read_webhooks, {}));
    const Row& row = rows.at(0);
    const std::uint64_t since_ms = row.count(1);
    out.gauge("webhooks_waiting", "Urgent changes that wait for their receiver.", row.number(0));
    out.seconds("webhook_oldest_age_seconds", "How long the oldest of them has waited.",
                since_ms == 0 || since_ms > now_ms ? 0 : now_ms - since_ms);
    return {};
}

base::Result<void> add_sites(Exposition& out, Store& store) {
    TRY(sites, store.run(read_sites, {sites_max}));
    out.begin("gauge", "site_contact_timestamp_seconds",
              "When a site's longest silent terminal was heard of.", "seconds");
    for (const Row& row : sites)
        out.sample_seconds("site_contact_timestamp_seconds", "site", row.text(0), row.count(1));
    return {};
}

void add_disk(Exposition& out, const std::string& folder) {
    if (folder.empty()) return;
    std::error_code error;
    const auto space = std::filesystem::space(folder, error);
    if (error) return;
    out.gauge("disk_free_bytes", "Room where the database stands.",
              static_cast<std::int64_t>(space.available), "bytes");
    out.gauge("disk_size_bytes", "Size of that file system.",
              static_cast<std::int64_t>(space.capacity), "bytes");
}

/// "urn:freigabe:problem:<word>" out of a problem document of ours; empty for anything else.
std::string_view problem_word(std::string_view body) {
    constexpr std::string_view start = R"({"type":"urn:freigabe:problem:)";
    if (!body.starts_with(start)) return {};
    body.remove_prefix(start.size());
    return body.substr(0, body.find('"'));
}

}  // namespace

void Counters::answered(const http::Response& response, std::string_view pattern,
                        std::uint64_t duration_ms) {
    ++requests;
    ++statuses[response.status];
    if (!pattern.empty()) durations[pattern].observe(duration_bounds_ms, duration_ms);
    if (response.status < 400) return;
    ++refusals;
    // Words of our source only, so there are few.
    const std::string_view word = problem_word(response.body);
    if (!word.empty()) ++problems[std::string(word)];
}

base::Result<std::string> metrics_text(Store& store, Counters& counters,
                                       const MetricsMoment& moment) {
    Exposition out;
    add_counters(out, counters);
    add_histograms(out, counters);
    TRY_VOID(add_gauges(out, store, counters, moment.boot_ms));
    TRY_VOID(add_gaps(out, store, moment.wall_ms));
    TRY_VOID(add_overdue(out, store, moment.wall_ms));
    TRY_VOID(add_webhooks(out, store, moment.wall_ms));
    TRY_VOID(add_sites(out, store));
    out.seconds("start_timestamp_seconds", "When this process started.", moment.started_ms);
    add_disk(out, moment.folder);
    return out.done();
}

}  // namespace backend
