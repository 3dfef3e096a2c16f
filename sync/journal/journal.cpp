// SPDX-License-Identifier: EUPL-1.2
// The public class: opening and what can be asked.
#include "sync/journal/journal.hpp"

#include <algorithm>

#include "drivers/base/log.hpp"
#include "sync/journal/core.hpp"
#include "sync/journal/forecast.hpp"

namespace journal {
namespace {

constexpr const char* unsent_sql = "SELECT count(*) FROM unsent";
constexpr const char* unsent_protective_sql =
    "SELECT count(*) FROM unsent u WHERE protective = 1 AND NOT EXISTS"
    "(SELECT 1 FROM receipt WHERE position = u.position)";

constexpr const char* count_unproven_sql =
    "SELECT count(*) FROM receipt WHERE lane = 0 AND proven = 0";
constexpr const char* count_whole_sql = "SELECT count(*) FROM record WHERE jwe <> ''";

}  // namespace

Journal::Journal(std::unique_ptr<Core> core) : core_(std::move(core)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

base::Result<Journal> Journal::open(Options options, Ports ports) {
    auto core = std::make_unique<Core>(std::move(options), ports);
    TRY_VOID(core->ensure_open());
    base::log(
        base::LogEvent::journal_opened,
        {{"rows", static_cast<std::int64_t>(core->tip().position)}, {"epoch", core->tip().epoch}});
    return Journal(std::move(core));
}

base::Result<Status> Journal::status() {
    return core_->guarded([this]() -> base::Result<Status> {
        TRY(unsent, core_->db().number(unsent_sql));
        TRY(unsent_protective, core_->db().number(unsent_protective_sql));
        TRY(unproven, core_->db().number(count_unproven_sql));
        TRY(whole, core_->db().number(count_whole_sql));
        TRY(alarms, read_alarms(*core_));
        TRY(room, measure_room(*core_));
        Status status;
        status.used_bytes = room.used_bytes;
        status.left_bytes = room.left_bytes;
        status.days_until_full = room.days_until_full;
        status.unproven = unproven;
        status.whole = whole;
        status.alarms = std::move(alarms);
        status.epoch = core_->tip().epoch;
        status.rows = core_->tip().position;
        status.unsent = unsent;
        status.unsent_protective = unsent_protective;
        status.observed = model::log_size_of(core_->observed());
        status.floor_ms = core_->floor_ms();
        status.last_contact_ms = core_->contact_ms();
        status.identity_cloned = core_->cloned();
        status.grants_possible = core_->reserve().whole() && !core_->cloned();
        return status;
    });
}

std::uint64_t Journal::floor_ms() {
    return core_->floor_ms();
}

bool Release::alive() const {
    return std::any_of(parts.begin(), parts.end(),
                       [](const PartStatus& part) { return part.alive && !part.suspended; });
}

}  // namespace journal
