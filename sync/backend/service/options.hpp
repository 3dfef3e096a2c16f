// SPDX-License-Identifier: EUPL-1.2
// What freigabe-backend is told at start: options on the command line over a JSON file with the
// same names. Secrets are files, never values. Pure but for reading the file.
#pragma once

#include <span>
#include <string>

#include "drivers/base/result.hpp"
#include "sync/http/server.hpp"

namespace backend {

enum class RoleSet : std::uint8_t { ingest, views, all };

struct Options {
    std::string command = "serve";  ///< serve, invite, purge, revoke, backup or evidence
    std::string store;              ///< see store/open.hpp
    std::string listen = "127.0.0.1:8443";
    std::string plain_listen;    ///< empty = none; health and /check/ only
    std::string metrics_listen;  ///< empty = none; health and metrics, for the operator
    std::string tls_ca;
    std::string tls_cert;
    std::string tls_key;
    std::string receipt_key;
    std::string checkpoint_key;     ///< files; empty = the receipt key signs checkpoints, too
    std::string views_key;          ///< files, the present one first; only with the role views
    std::string authority_secrets;  ///< JSON file: {"<id>":{"name","secret"}}
    std::string fitconnect;         ///< JSON file: see fitconnect/account.hpp; empty = not used
    std::string fitconnect_ca;      ///< who certifies the servers there
    std::string names;  ///< JSON file: {"entries":{..},"authorities":{..}}, titles for the page
    std::string downstream;  ///< folder of what comes down to terminals; empty = none
    std::string issuer = "urn:freigabe:backend";
    std::string role = "all";
    std::string port_file;       ///< gets the chosen ports, one a line: TLS, plain, metrics
    std::string terminal;        ///< invite
    std::string terminals;       ///< invite: file of UUIDs, one a line, instead of terminal
    std::string site;            ///< invite
    std::string reason;          ///< revoke
    std::string declaration;     ///< evidence
    std::string catalogue;       ///< evidence: signed catalogue; may be empty
    std::string to;              ///< backup: a file that is not there yet
    std::string out;             ///< evidence: a folder that is not there yet
    std::string evidence_days;   ///< purge; empty = limits::evidence_days_default
    std::string objection_days;  ///< purge; empty = limits::objection_days_max
    std::string today;           ///< purge: the day, said by a person; empty = the clock's
};

/// errors  config_bad (unknown option, missing value, bad file).
base::Result<Options> parse_options(std::span<const char* const> arguments);
[[nodiscard]] std::string usage();

/// Reads "host:port" or "[v6]:port". errors: config_bad.
base::Result<http::ListenAddress> parse_address(std::string_view text);
/// errors  config_bad.
base::Result<RoleSet> parse_role(std::string_view text);
/// An instance that only ingests must not even be given what opens declarations or makes handles,
/// and one with views needs both. errors: config_bad.
base::Result<void> check_keys(RoleSet role, const Options& options);

}  // namespace backend
