// SPDX-License-Identifier: EUPL-1.2
// What syncd is told at start: one JSON file. Nothing in it is a secret; the TLS key is a file of
// its own.
// {"terminal":uuid,"backend":"https://host[:port]","server_name":name?,
//  "ca":path,"certificate":path,"key":path,"kiosk_socket":path,"insight_socket":path?,
//  "spool":path,"time_floor_ms":n?,
//  "signer":{"origin":"https://host[:port]","server_name":name?,"ca":path,"certificate":path?,"key":path?,
//            "kiosk_socket":path}?,
//  "courier":{"stick":path,"requests":path,"approvers":path,"any_folder":bool?}?,
//  "test":{"backoff_ms_min":n?,"backoff_ms_max":n?,"round_ms":n?}?}
// signer: the site's eID service, if the terminal's key for cards is there; certificate and key are
// those for the backend unless it wants others. courier: where sticks are mounted, where requests
// come in and who may agree to an export (courier_desk.hpp); any_folder also takes a folder that is
// no mount point, for tests and for places that mount in ways of their own. An origin that is an IP
// address needs server_name: mbedTLS 2.28 compares names only. Read once, on the main thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/base/limits.hpp"
#include "drivers/base/result.hpp"
#include "drivers/base/uuid.hpp"
#include "sync/http/client.hpp"

namespace syncd {

/// How often and how patiently. The defaults are the product's; tests and the demo shorten them.
struct Pace {
    std::uint64_t backoff_ms_min = limits::backoff_ms_min;
    std::uint64_t backoff_ms_max = limits::backoff_ms_max;
    std::uint64_t round_ms = limits::sync_round_ms;
};

struct SignerConfig {
    http::Origin origin;
    std::string server_name;  ///< empty = the origin's host
    std::string ca_path;
    std::string certificate_path;
    std::string key_path;
    std::string kiosk_socket_path;
};

struct CourierConfig {
    std::string stick_path;
    std::string requests_path;
    std::string approvers_path;
    bool any_folder = false;
};

struct Config {
    base::Uuid terminal;
    http::Origin backend;
    std::string server_name;  ///< empty = the origin's host
    std::string ca_path;
    std::string certificate_path;
    std::string key_path;
    std::string kiosk_socket_path;
    std::string insight_socket_path;  ///< if not told, insight.sock beside the kiosk's socket
    std::string spool_path;
    std::optional<SignerConfig> signer;
    std::optional<CourierConfig> courier;  ///< nothing = no sticks here
    std::uint64_t time_floor_ms = 0;       ///< known at installation; the spool keeps a later one
    Pace pace;
};

/// errors  config_bad: syntax, a missing, foreign or unfitting member.
base::Result<Config> parse_config(std::string_view json);

}  // namespace syncd
