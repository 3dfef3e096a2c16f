// SPDX-License-Identifier: EUPL-1.2
// The mbedTLS objects behind a TlsContext, shared by tls.cpp and tls_stream.cpp only. Also the one
// place that knows which mbedTLS it is built with (2.28 of Debian 12, 3.6 of its successor). Not a
// public header.
#pragma once

#include <mbedtls/ssl.h>
#include <mbedtls/ssl_ticket.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

#include <functional>

#include "drivers/base/handle.hpp"
#include "drivers/port/random.hpp"
#include "sync/http/tls.hpp"

namespace http {

using Certificate = base::Pinned<mbedtls_x509_crt, mbedtls_x509_crt_init, mbedtls_x509_crt_free>;
using PrivateKey = base::Pinned<mbedtls_pk_context, mbedtls_pk_init, mbedtls_pk_free>;
using SslConfig =
    base::Pinned<mbedtls_ssl_config, mbedtls_ssl_config_init, mbedtls_ssl_config_free>;
using SslSession =
    base::Pinned<mbedtls_ssl_session, mbedtls_ssl_session_init, mbedtls_ssl_session_free>;
using TicketKeys =
    base::Pinned<mbedtls_ssl_ticket_context, mbedtls_ssl_ticket_init, mbedtls_ssl_ticket_free>;
using Ssl = base::Pinned<mbedtls_ssl_context, mbedtls_ssl_init, mbedtls_ssl_free>;

struct TlsContext::State {
    TlsSide side;
    std::function<TimeWindow()> window;
    port::Random& random;
    Certificate trust_anchors;
    Certificate own_chain;
    PrivateKey own_key;
    TicketKeys tickets;
    SslSession session;  ///< client: what the next connection may resume
    bool session_kept = false;
    SslConfig config;  // last: points at all of the above, so it goes first

    State(TlsSide the_side, std::function<TimeWindow()> the_window, port::Random& the_random)
        : side(the_side), window(std::move(the_window)), random(the_random) {}
};

/// Verification flags of one certificate at this time window: 0, expired or not yet valid.
[[nodiscard]] std::uint32_t date_flags(const mbedtls_x509_crt& certificate,
                                       const TimeWindow& window);

}  // namespace http
