// SPDX-License-Identifier: EUPL-1.2
// The backend as syncd sees it: its calls over the HTTP client, typed answers out. Bodies pass
// through as the exact bytes the kiosk made; nothing here can read what is sealed in them. Blocking
// with the client's deadlines, one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "drivers/base/uuid.hpp"
#include "sync/http/client.hpp"
#include "sync/transport/answers.hpp"

namespace transport {

class Backend {
  public:
    /// client outlives this object.
    Backend(http::Exchange& client, const base::Uuid& terminal);

    /// errors (all calls)  those of http::Client::send, and by the answer's status:
    ///   busy (429, 503; see retry_after_ms), sequence_gap and fork_detected (409),
    ///   message_too_large (413), http_status (any other; detail = status), message_bad (an answer
    ///   that breaks its schema).
    base::Result<Receipts> post_batch(std::string_view body);
    base::Result<Receipts> post_advance(std::string_view body);
    /// Events with a number above `after`.
    base::Result<Events> fetch_events(std::uint64_t after);
    /// The log's checkpoint with the proof that it has only grown since it had `from` records.
    base::Result<Growth> fetch_growth(std::uint64_t from);
    /// How our chains stand there.
    base::Result<std::vector<ChainStand>> fetch_chains();
    /// What stands at these places (1..limits::inclusion_indexes_max) of the log of `size` records.
    base::Result<std::vector<Inclusion>> fetch_inclusions(const std::vector<std::uint64_t>& places,
                                                          std::uint64_t size);
    /// A file of the downstream: `root/<n>`, `manifest`, `targets/<hex>`.
    struct FilePart {
        std::string name;
        std::uint64_t from = 0;
        std::size_t bytes_max = 0;  ///< 0 = all of it, which the client's bound must hold
    };
    /// Its bytes from there; nothing if the backend has none of this name.
    base::Result<std::optional<std::string>> fetch_downstream(const FilePart& part);
    /// Sends a sealed request for insight; returns the sealed answer as it came. busy also stands
    /// for the limit of requests a minute.
    base::Result<std::string> ask_insight(std::string_view jwe);
    /// Sends the statement by which a new journal key follows the present one.
    base::Result<void> change_key(std::string_view jws);
    /// Sends the enrolment of a terminal: a compact JWS that the caller has signed.
    base::Result<void> enrol(std::string_view jws);

    /// How long the backend asked us to stay away in its last answer, bounded by
    /// limits::retry_after_ms_max.
    [[nodiscard]] std::optional<std::uint64_t> retry_after_ms() const { return retry_after_ms_; }
    /// The backend's clock in its last answer (Unix milliseconds), if it told.
    [[nodiscard]] std::optional<std::uint64_t> date_ms() const { return date_ms_; }

  private:
    base::Result<http::Response> send(const http::Request& request, unsigned expected_status);
    base::Result<Receipts> post_records(std::string_view lane, std::string_view body);

    http::Exchange& client_;
    std::string terminal_path_;
    std::optional<std::uint64_t> retry_after_ms_;
    std::optional<std::uint64_t> date_ms_;
};

}  // namespace transport
