// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/metrics.hpp"

#include "drivers/base/check.hpp"

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
    " (SELECT COUNT(*) FROM terminal)"};
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

enum class Type : std::uint8_t { counter, gauge };

void add(std::string& text, Type type, std::string_view name, std::string_view help,
         std::int64_t value) {
    const std::string full = "freigabe_" + std::string(name);
    text += "# TYPE " + full + (type == Type::counter ? " counter\n" : " gauge\n");
    text += "# HELP " + full + " " + std::string(help) + "\n";
    text += full + (type == Type::counter ? "_total " : " ") + std::to_string(value) + "\n";
}

}  // namespace

base::Result<std::string> metrics_text(Store& store, const Counters& counters) {
    TRY(gauges, store.run(read_gauges, {}));
    TRY(alarms, store.run(read_alarms, {}));
    CHECK(gauges.size() == 1);
    const Row& row = gauges[0];
    std::string text;
    const auto count = [&](std::string_view name, std::string_view help, std::uint64_t value) {
        add(text, Type::counter, name, help, static_cast<std::int64_t>(value));
    };
    const auto gauge = [&](std::string_view name, std::string_view help, std::int64_t value) {
        add(text, Type::gauge, name, help, value);
    };
    count("requests", "Requests answered.", counters.requests);
    count("refusals", "Requests answered with 400 or above.", counters.refusals);
    count("records", "Records newly stored, advance copies among them.", counters.records);
    count("repeats", "Deliveries that brought nothing new.", counters.repeats);
    count("gaps", "Batches that did not continue their chain.", counters.gaps);
    count("forks", "Batches that contradict their chain.", counters.forks);
    count("unusable_records", "Records whose scopes contradict themselves.", counters.unusable);
    count("receipts", "Receipts signed.", counters.receipts);
    gauge("log_size", "Entries in the log.", row.number(0));
    gauge("log_queue", "Records that wait for their place in the log.", row.number(1));
    gauge("view_queue", "Log entries that the views have not taken.", row.number(2));
    gauge("quarantined_records", "Records kept because they contradict a chain.", row.number(3));
    gauge("unreadable_records", "Sealed records that the views key does not open.", row.number(4));
    gauge("terminals", "Enrolled terminals.", row.number(5));
    gauge("alarms", "Withdrawals that no authority's file has been found for.",
          alarms[0].number(0));
    text += "# EOF\n";
    return text;
}

}  // namespace backend
