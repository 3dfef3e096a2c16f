// SPDX-License-Identifier: EUPL-1.2
// What stands before the service: how much one certificate may ask in a while, and how many
// requests may wait for the log at a time. Refusals are 429 and 503 with Retry-After, before any
// work is done. One instance counts for itself, so that no instance needs another one to refuse:
// N instances allow N times as much. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "drivers/port/clock.hpp"
#include "sync/http/server.hpp"

namespace backend {

/// Requests of each certificate: so many at once, and so many a second afterwards.
class RequestBudget {
  public:
    /// Takes one request of this peer. returns  0, or the milliseconds until there is one again.
    [[nodiscard]] std::uint64_t take(const http::Peer& peer, std::uint64_t now_ms);

  private:
    struct Bucket {
        std::uint64_t thousandths = 0;  ///< of a request
        std::uint64_t at_ms = 0;
    };
    void make_room(std::uint64_t now_ms);

    std::map<std::pair<std::string, std::string>, Bucket> buckets_;
};

class Admission final : public http::Handler {
  public:
    /// Both outlive it.
    Admission(http::Handler& service, port::Clock& clock) : service_(service), clock_(clock) {}

    http::Response handle(const http::Request& request) override;
    http::Answer answer(const http::Request& request) override;

  private:
    http::Handler& service_;
    port::Clock& clock_;
    RequestBudget budget_;
    std::size_t waiting_ = 0;
};

}  // namespace backend
