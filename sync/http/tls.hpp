// SPDX-License-Identifier: EUPL-1.2
// Who we are and whom we trust on a TLS connection: the mbedTLS configuration behind client and
// server. Mutual, TLS 1.2 or newer, ECDHE-ECDSA with AEAD on P-256 or P-384, one pinned CA. Only
// towards services of others, which have their own rules, without our certificate and with RSA.
// Certificate dates are checked against a window given by the caller and never against the wall
// clock as such. One context serves many connections of one thread. Norms: RFC 5246, RFC 8446, BSI
// TR-02102-2.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/port/random.hpp"

namespace http {

/// PEM or DER. The private key is an EC key without password; the caller wipes its copy.
struct TlsMaterial {
    base::ByteView trust_anchors;
    base::ByteView certificate_chain;  ///< own certificate first; empty only as web_client
    base::ByteView private_key;
};

/// What is known about the true time: not before `earliest_ms`, not after `latest_ms` (Unix
/// milliseconds). A certificate is expired if it ended before `earliest_ms` and not yet valid if it
/// begins after `latest_ms`.
struct TimeWindow {
    std::uint64_t earliest_ms = 0;
    std::uint64_t latest_ms = UINT64_MAX;
};
/// The window of a program that trusts its clock (the backend).
[[nodiscard]] TimeWindow window_of_clock(std::uint64_t wall_ms);
/// The window of a terminal: the floor is sure; the wall clock bounds the other side by a day,
/// unless it lies before the floor and so is proved wrong.
[[nodiscard]] TimeWindow window_of_floor(std::uint64_t floor_ms, std::uint64_t wall_ms);

/// web_client: of a service that is not ours. It shows no certificate unless one is given, and the
/// server's may bear an RSA key of 2,048 bits or more, as the public web's still do; what we send
/// there is sealed besides.
enum class TlsSide : std::uint8_t { client, server, web_client };

class TlsContext {
  public:
    /// window   asked at each handshake, on the thread that shakes hands.
    /// random   outlives the context.
    /// errors   certificate_bad, key_bad (unreadable, or key and certificate do not fit),
    /// tls_failed.
    static base::Result<std::unique_ptr<TlsContext>> make(TlsSide side, const TlsMaterial& material,
                                                          std::function<TimeWindow()> window,
                                                          port::Random& random);
    ~TlsContext();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    struct State;
    [[nodiscard]] State& state() { return *state_; }  ///< for tls_stream.cpp only

  private:
    explicit TlsContext(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace http
