// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/pin_readiness.hpp"

#include <chrono>
#include <system_error>
#include <utility>

#include "drivers/base/log.hpp"
#include "drivers/eid/cv_certificate.hpp"

namespace runtime {

using std::chrono::sys_days;

const char* name(PinObstacle obstacle) {
    switch (obstacle) {
        case PinObstacle::none:
            return "none";
        case PinObstacle::signer:
            return "signer";
        case PinObstacle::certificate:
            return "certificate";
        case PinObstacle::block_list:
            return "block_list";
    }
    return "";
}

void PinReadiness::refresh() {
    const auto refreshed = authenticator_.refresh();
    signer_error_.reset();
    if (!refreshed) {
        base::log_error(refreshed.error());
        signer_error_ = refreshed.error();
    }
    read_certificate();
    read_block_list();
}

void PinReadiness::renew(std::optional<BlockListRule> rule) {
    const bool elsewhere = !rule || !rule_ || rule->file != rule_->file;
    rule_ = std::move(rule);
    if (elsewhere) list_written_ = {};
    if (!rule_) list_.reset();
}

void PinReadiness::read_certificate() {
    effective_.reset();
    expiration_.reset();
    const auto certificate = eid::parse_cv_certificate(authenticator_.terminal_certificate());
    if (!certificate) return;
    effective_ = certificate->effective;
    expiration_ = certificate->expiration;
}

void PinReadiness::read_block_list() {
    if (!rule_) return;
    std::error_code error;
    const auto written = std::filesystem::last_write_time(rule_->file, error);
    // A list that was there stays good until its age says otherwise: its file may be in renewal.
    if (error || (list_ && written == list_written_)) return;
    auto opened = eid::BlockList::open(rule_->file);
    if (!opened) {
        base::log_error(opened.error());
        return;
    }
    list_.emplace(std::move(*opened));
    list_written_ = written;
}

PinObstacle PinReadiness::obstacle(const eid::Date& today) const {
    if (signer_error_) return PinObstacle::signer;
    if (!effective_ || *effective_ > today || *expiration_ < today) return PinObstacle::certificate;
    if (!rule_) return PinObstacle::none;
    if (!list_) return PinObstacle::block_list;
    // The floor may lag behind the issuer's day, so a list from tomorrow is young, not wrong.
    const bool old = list_->view().days_old(today) > static_cast<int>(rule_->days_max);
    return old ? PinObstacle::block_list : PinObstacle::none;
}

std::uint32_t PinReadiness::certificate_age_h(const eid::Date& today) const {
    if (!effective_) return 0;
    const auto days = (sys_days(today) - sys_days(*effective_)).count();
    return days <= 0 ? 0 : static_cast<std::uint32_t>(days * 24);
}

std::optional<eid::BlockListCheck> PinReadiness::block_list_check() const {
    if (!rule_ || !list_) return std::nullopt;
    return eid::BlockListCheck{list_->view(), rule_->sector_key};
}

}  // namespace runtime
