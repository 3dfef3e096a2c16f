// SPDX-License-Identifier: EUPL-1.2
// A kiosk that has nothing to send and takes whatever comes: what every kiosk has, and no more.
// Tests derive from it and add what they are about.
#pragma once

#include "sync/outbox/source.hpp"

namespace fakes {

class PlainSource : public outbox::Source {
  public:
    base::Result<std::string> next_batch() override { return std::string(); }
    base::Result<std::string> next_advance() override { return std::string(); }
    base::Result<void> store_receipt(std::string_view) override { return {}; }
    base::Result<void> store_event(std::uint64_t, std::string_view) override { return {}; }
    base::Result<std::uint64_t> event_cursor() override { return std::uint64_t{0}; }
    base::Result<std::uint64_t> log_size() override { return std::uint64_t{0}; }
    base::Result<void> store_checkpoint(std::string_view, base::ByteView) override { return {}; }
    base::Result<void> hear_chains(const std::vector<outbox::ChainStand>&) override { return {}; }
    base::Result<outbox::Unproven> unproven() override { return outbox::Unproven{}; }
    base::Result<void> store_inclusion(const outbox::StoreInclusion&) override { return {}; }
    void link_changed(const outbox::LinkStatus&) override {}
};

}  // namespace fakes
