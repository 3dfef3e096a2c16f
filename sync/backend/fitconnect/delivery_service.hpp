// SPDX-License-Identifier: EUPL-1.2
// FIT-Connect's interface for senders, version 2, as calls: keys of a destination, announcing and
// sending a submission, the events of its case. Says what the other side answered and decides
// nothing; that is submitter.hpp. Not for use from several threads. Norms: RFC 6749 4.4 (client
// credentials), FIT-Connect "Submission API" v2.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/port/clock.hpp"
#include "sync/backend/fitconnect/account.hpp"
#include "sync/seal/rsa_jose.hpp"

namespace backend {

/// Carries one request of ours to one origin. A connection is never kept over a call that must not
/// be repeated by itself.
class FitLine {
  public:
    virtual ~FitLine() = default;
    /// errors  see http::Client::send.
    virtual base::Result<http::Response> send(const http::Request& request) = 0;
    /// The next request goes over a new connection, so nobody can send it twice.
    virtual void renew() = 0;
};

class FitService {
  public:
    struct Parts {
        FitLine& api;
        FitLine& token;
        const FitAccount& account;
        port::Clock& clock;
    };
    explicit FitService(Parts parts) : parts_(parts) {}
    ~FitService();
    FitService(const FitService&) = delete;
    FitService& operator=(const FitService&) = delete;

    /// All calls: errors of the line; http_status with the status in detail; message_bad if the
    /// answer is not in its form.

    /// The key to seal to. errors besides: key_bad; peer_not_allowed: the destination is not
    /// active.
    base::Result<seal::RsaJwk> encryption_key(const base::Uuid& destination);
    /// The key that a destination signs its events with. errors besides: key_bad.
    base::Result<seal::RsaJwk> signature_key(const base::Uuid& destination, std::string_view kid);

    struct Announced {
        base::Uuid submission;
        base::Uuid case_id;
    };
    /// Not idempotent: each success makes a new, empty submission, which disappears by itself.
    base::Result<Announced> announce(const base::Uuid& destination);
    /// Both texts are JWEs. The same call again with the same texts does no harm.
    base::Result<void> submit(const base::Uuid& submission, std::string_view metadata,
                              std::string_view data);
    /// The event log of a case: SETs, unverified.
    base::Result<std::vector<std::string>> events(const base::Uuid& case_id);

  private:
    base::Result<void> ensure_token();
    base::Result<http::Response> ask(const http::Request& request);
    base::Result<std::string> get(std::string path, std::string query = {});

    Parts parts_;
    std::string token_;
    std::uint64_t token_end_ms_ = 0;  ///< on the boot clock
};

}  // namespace backend
