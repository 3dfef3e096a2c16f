// SPDX-License-Identifier: EUPL-1.2
// What stands before the service: how much one certificate may ask in a while, how many requests
// may wait for the log at a time, and how many long answers may be in work. Refusals are 429 and
// 503 with Retry-After, before any work is done. One instance counts for itself, so that no
// instance needs another one to refuse: N instances allow N times as much. One thread.
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

/// Long answers that are in work: of each certificate, and of all.
class WorkLine {
  public:
    /// A place in the line, from the request to its answer or to the end of its connection.
    class Place {
      public:
        Place(WorkLine& line, const http::Peer& peer);
        Place(const Place& other);
        Place& operator=(const Place&) = delete;
        ~Place();

      private:
        WorkLine* line_;
        std::pair<std::string, std::string> who_;
    };
    [[nodiscard]] std::size_t all() const { return all_; }
    [[nodiscard]] std::size_t of(const http::Peer& peer) const;

  private:
    std::map<std::pair<std::string, std::string>, std::size_t> peers_;
    std::size_t all_ = 0;
};

class Admission final : public http::Handler {
  public:
    /// Both outlive it.
    Admission(http::Handler& service, port::Clock& clock) : service_(service), clock_(clock) {}

    http::Response handle(const http::Request& request) override;
    http::Answer answer(const http::Request& request) override;

  private:
    http::Answer admit(http::Work work, const http::Request& request);

    http::Handler& service_;
    port::Clock& clock_;
    RequestBudget budget_;
    WorkLine line_;
    std::size_t waiting_ = 0;
};

}  // namespace backend
