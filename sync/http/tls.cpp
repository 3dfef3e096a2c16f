// SPDX-License-Identifier: EUPL-1.2
#include "sync/http/tls.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/secret.hpp"
#include "drivers/crypto/random.hpp"
#include "sync/http/tls_state.hpp"

#if MBEDTLS_VERSION_MAJOR >= 3
#include <psa/crypto.h>
#endif

namespace http {
namespace {

using base::Errc;
using State = TlsContext::State;

constexpr std::uint64_t day_ms = 86'400'000;

// ECDHE-ECDSA with AEAD only: forward secrecy, no RSA, no CBC (TR-02102-2 3.3). TLS 1.3 knows no
// other kind. ChaCha20 stands in no table of TR-02102-2.
constexpr std::array<int, 5> suites {
#if MBEDTLS_VERSION_MAJOR >= 3
    MBEDTLS_TLS1_3_AES_128_GCM_SHA256, MBEDTLS_TLS1_3_AES_256_GCM_SHA384,
#endif
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, 0,
};

// Towards others also ECDHE-RSA, with AEAD all the same.
constexpr std::array<int, 7> web_suites {
#if MBEDTLS_VERSION_MAJOR >= 3
    MBEDTLS_TLS1_3_AES_128_GCM_SHA256, MBEDTLS_TLS1_3_AES_256_GCM_SHA384,
#endif
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, 0,
};

// Certificates: SHA-256 or better, ECDSA on P-256 or P-384.
constexpr std::uint32_t certificate_hashes = MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA256) |
                                             MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA384) |
                                             MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA512);
constexpr std::uint32_t ec_keys =
    MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_ECKEY) | MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_ECDSA);
constexpr std::uint32_t ec_curves =
    MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP256R1) | MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP384R1);
const mbedtls_x509_crt_profile certificate_profile{certificate_hashes, ec_keys, ec_curves, 0};
const mbedtls_x509_crt_profile web_certificate_profile{
    certificate_hashes,
    ec_keys | MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_RSA) | MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_RSASSA_PSS),
    ec_curves, 2'048};

// mbedTLS wants a list that ends with 0 and one literal type on either version.
const char* const protocols[] = {"http/1.1", nullptr};

auto tls_error(Errc code, const char* where, int status) {
    return base::fail(code, where, static_cast<std::uint32_t>(-status));
}

/// mbedTLS reads PEM only with its terminating zero, and DER only without.
base::Bytes as_mbedtls_input(base::ByteView pem_or_der) {
    base::Bytes input(pem_or_der.begin(), pem_or_der.end());
    if (base::as_text(pem_or_der).find("-----BEGIN") != std::string_view::npos) input.push_back(0);
    return input;
}

base::Result<void> parse_chain(Certificate& into, base::ByteView pem_or_der, const char* where) {
    const base::Bytes input = as_mbedtls_input(pem_or_der);
    const int status = mbedtls_x509_crt_parse(into.get(), input.data(), input.size());
    if (status == 0) return {};
    // A positive status counts the certificates of a PEM file that could not be read: none may be
    // left out silently.
    return tls_error(Errc::certificate_bad, where, status);
}

base::Result<void> parse_key(State& state, base::ByteView pem_or_der) {
    base::Bytes input = as_mbedtls_input(pem_or_der);
#if MBEDTLS_VERSION_MAJOR >= 3
    const int parsed = mbedtls_pk_parse_key(state.own_key.get(), input.data(), input.size(),
                                            nullptr, 0, crypto::mbedtls_random, &state.random);
    const auto pair_fits = [&] {
        return mbedtls_pk_check_pair(&state.own_chain.get()->pk, state.own_key.get(),
                                     crypto::mbedtls_random, &state.random);
    };
#else
    const int parsed =
        mbedtls_pk_parse_key(state.own_key.get(), input.data(), input.size(), nullptr, 0);
    const auto pair_fits = [&] {
        return mbedtls_pk_check_pair(&state.own_chain.get()->pk, state.own_key.get());
    };
#endif
    base::wipe(input);
    if (parsed != 0) return tls_error(Errc::key_bad, "tls key", parsed);
    if (const int status = pair_fits(); status != 0)
        return tls_error(Errc::key_bad, "tls key", status);
    return {};
}

/// Seconds since 1970 of a certificate's date (always UTC), by the days-from-civil rule. Written
/// out because timegm is no standard function and mktime follows the local time zone.
std::uint64_t unix_ms(const mbedtls_x509_time& time) {
    const int year = time.mon <= 2 ? time.year - 1 : time.year;
    const int era = year / 400;
    const int year_of_era = year - era * 400;
    const int month = time.mon + (time.mon > 2 ? -3 : 9);
    const int day_of_year = (153 * month + 2) / 5 + time.day - 1;
    const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    const std::int64_t days = std::int64_t{era} * 146'097 + day_of_era - 719'468;
    const std::int64_t seconds = ((days * 24 + time.hour) * 60 + time.min) * 60 + time.sec;
    return seconds < 0 ? 0 : static_cast<std::uint64_t>(seconds) * 1'000;
}

void set_versions_and_groups(mbedtls_ssl_config* config) {
#if MBEDTLS_VERSION_MAJOR >= 3
    static constexpr std::uint16_t groups[] = {MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1,
                                               MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1,
                                               MBEDTLS_SSL_IANA_TLS_GROUP_NONE};
    mbedtls_ssl_conf_min_tls_version(config, MBEDTLS_SSL_VERSION_TLS1_2);
    mbedtls_ssl_conf_groups(config, groups);
#else
    static constexpr mbedtls_ecp_group_id groups[] = {
        MBEDTLS_ECP_DP_SECP256R1, MBEDTLS_ECP_DP_SECP384R1, MBEDTLS_ECP_DP_NONE};
    static constexpr int hashes[] = {MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA256, MBEDTLS_MD_NONE};
    mbedtls_ssl_conf_min_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
    mbedtls_ssl_conf_curves(config, groups);
    mbedtls_ssl_conf_sig_hashes(config, hashes);
#endif
}

base::Result<void> set_tickets(State& state) {
    mbedtls_ssl_config* config = state.config.get();
    if (state.side != TlsSide::server) {
        mbedtls_ssl_conf_session_tickets(config, MBEDTLS_SSL_SESSION_TICKETS_ENABLED);
        return {};
    }
    const int status =
        mbedtls_ssl_ticket_setup(state.tickets.get(), crypto::mbedtls_random, &state.random,
                                 MBEDTLS_CIPHER_AES_256_GCM, limits::tls_ticket_s_max);
    if (status != 0) return tls_error(Errc::tls_failed, "tls tickets", status);
#if MBEDTLS_VERSION_MAJOR >= 3
    // A session of TLS 1.3 keeps no certificate in mbedTLS, so whoever resumed one would be nobody:
    // there each handshake is a full one.
    mbedtls_ssl_conf_new_session_tickets(config, 0);
#endif
    mbedtls_ssl_conf_session_tickets_cb(config, mbedtls_ssl_ticket_write, mbedtls_ssl_ticket_parse,
                                        state.tickets.get());
    return {};
}

base::Result<void> configure(State& state) {
    mbedtls_ssl_config* config = state.config.get();
    const bool web = state.side == TlsSide::web_client;
    const int endpoint =
        state.side == TlsSide::server ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT;
    int status = mbedtls_ssl_config_defaults(config, endpoint, MBEDTLS_SSL_TRANSPORT_STREAM,
                                             MBEDTLS_SSL_PRESET_DEFAULT);
    if (status != 0) return tls_error(Errc::tls_failed, "tls config", status);
    set_versions_and_groups(config);
    mbedtls_ssl_conf_ciphersuites(config, web ? web_suites.data() : suites.data());
    mbedtls_ssl_conf_cert_profile(config, web ? &web_certificate_profile : &certificate_profile);
    mbedtls_ssl_conf_authmode(config, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_ca_chain(config, state.trust_anchors.get(), nullptr);
    mbedtls_ssl_conf_rng(config, crypto::mbedtls_random, &state.random);
    if (state.own_chain.get()->version != 0) {
        status = mbedtls_ssl_conf_own_cert(config, state.own_chain.get(), state.own_key.get());
        if (status != 0) return tls_error(Errc::tls_failed, "tls config", status);
    }
    // The array is never written to; 2.28 and 3.6 merely disagree about where its const belongs.
    status = mbedtls_ssl_conf_alpn_protocols(config, const_cast<const char**>(protocols));
    if (status != 0) return tls_error(Errc::tls_failed, "tls config", status);
    return set_tickets(state);
}

}  // namespace

std::uint32_t date_flags(const mbedtls_x509_crt& certificate, const TimeWindow& window) {
    std::uint32_t flags = 0;
    if (unix_ms(certificate.valid_to) < window.earliest_ms) flags |= MBEDTLS_X509_BADCERT_EXPIRED;
    if (unix_ms(certificate.valid_from) > window.latest_ms) flags |= MBEDTLS_X509_BADCERT_FUTURE;
    return flags;
}

TimeWindow window_of_clock(std::uint64_t wall_ms) {
    return {wall_ms, wall_ms};
}

TimeWindow window_of_floor(std::uint64_t floor_ms, std::uint64_t wall_ms) {
    if (wall_ms < floor_ms) return {floor_ms, UINT64_MAX};
    return {floor_ms, wall_ms + day_ms};
}

TlsContext::TlsContext(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsContext::~TlsContext() = default;

base::Result<std::unique_ptr<TlsContext>> TlsContext::make(TlsSide side,
                                                           const TlsMaterial& material,
                                                           std::function<TimeWindow()> window,
                                                           port::Random& random) {
    CHECK(window != nullptr);
#if MBEDTLS_VERSION_MAJOR >= 3
    // TLS 1.3 of mbedTLS runs on PSA; calling this more than once does no harm.
    if (psa_crypto_init() != PSA_SUCCESS) return base::fail(Errc::tls_failed, "tls psa");
#endif
    auto state = std::make_unique<State>(side, std::move(window), random);
    TRY_VOID(parse_chain(state->trust_anchors, material.trust_anchors, "tls trust anchors"));
    if (side != TlsSide::web_client || !material.certificate_chain.empty()) {
        TRY_VOID(parse_chain(state->own_chain, material.certificate_chain, "tls certificate"));
        TRY_VOID(parse_key(*state, material.private_key));
    }
    TRY_VOID(configure(*state));
    return std::unique_ptr<TlsContext>(new TlsContext(std::move(state)));
}

}  // namespace http
