// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/options.hpp"

#include <algorithm>
#include <charconv>

#include "drivers/base/limits.hpp"
#include "drivers/keys/private_file.hpp"
#include "sync/model/json.hpp"

namespace backend {
namespace {

struct Field {
    std::string_view name;
    std::string Options::*value;
    std::string_view help;
    std::string_view prefix = "";  ///< stands before what is given
};
constexpr Field fields[] = {
    {"store", &Options::store,
     "STORE     sqlite:FILE (serve and invite make it) or postgresql://USER@HOST/DATABASE"},
    {"db", &Options::store, "FILE      short for --store sqlite:FILE", "sqlite:"},
    {"listen", &Options::listen, "HOST:PORT mutual TLS; port 0 = any free one"},
    {"plain-listen", &Options::plain_listen, "HOST:PORT health and /check/ without TLS"},
    {"metrics-listen", &Options::metrics_listen,
     "HOST:PORT health and metrics without TLS, for the operator alone"},
    {"tls-ca", &Options::tls_ca, "FILE      CA of terminals, authorities and auditors"},
    {"tls-cert", &Options::tls_cert, "FILE      our certificate chain"},
    {"tls-key", &Options::tls_key, "FILE      its key"},
    {"receipt-key", &Options::receipt_key, "FILE      signs receipts (P-256)"},
    {"checkpoint-key", &Options::checkpoint_key,
     "FILE[,FILE] sign the log (P-256); during an exchange both keys; else the receipt key"},
    {"views-key", &Options::views_key,
     "FILE[,FILE] open declarations (P-256), the present key first; role views only"},
    {"authority-secrets", &Options::authority_secrets, "FILE      JSON {id: {name, secret}}"},
    {"names", &Options::names, "FILE      JSON {entries, authorities}: titles for the page"},
    {"downstream", &Options::downstream, "DIR       what comes down (freigabectl downstream)"},
    {"fitconnect", &Options::fitconnect, "FILE      account at FIT-Connect; role views only"},
    {"fitconnect-ca", &Options::fitconnect_ca, "FILE      CA of the servers there"},
    {"issuer", &Options::issuer, "TEXT      our name in receipts"},
    {"role", &Options::role, "ROLE      ingest, views or all"},
    {"port-file", &Options::port_file, "FILE      gets the chosen ports, one a line"},
    {"terminal", &Options::terminal, "UUID      invite, revoke: this terminal"},
    {"terminals", &Options::terminals,
     "FILE      invite: many, one UUID a line; prints \"UUID CODE\" lines"},
    {"site", &Options::site, "TEXT      invite: where it stands"},
    {"evidence-days", &Options::evidence_days, "N         purge: after the end, 1098..10980"},
    {"objection-days", &Options::objection_days, "N         purge: after they came, 1..181"},
    {"today", &Options::today,
     "DATE      purge: today, YYYY-MM-DD in UTC, where all terminals have been silent for a month"},
    {"reason", &Options::reason, "TEXT      revoke: for your own records"},
    {"to", &Options::to, "FILE      backup: gets the copy; must not exist"},
    {"declaration", &Options::declaration, "UUID      evidence: about this declaration"},
    {"catalogue", &Options::catalogue, "FILE      evidence: signed catalogue to put in, if any"},
    {"out", &Options::out, "DIR       evidence: gets the files; must not exist"},
};

constexpr std::string_view commands[] = {"serve",  "purge",  "invite",
                                         "revoke", "backup", "evidence"};

const Field* field_of(std::string_view name) {
    const auto found = std::ranges::find(fields, name, &Field::name);
    return found == std::end(fields) ? nullptr : &*found;
}

base::Result<void> read_config(const std::string& file, Options& options) {
    TRY(content, keys::read_file(file, limits::config_bytes_max, keys::Access::everyone));
    const auto json = model::parse_json(base::as_text(content), limits::config_bytes_max);
    if (!json || !json->is_object()) return base::fail(base::Errc::config_bad, "options.json");
    for (const auto& [name, value] : json->items()) {
        const Field* field = field_of(name);
        if (field == nullptr || !value.is_string()) {
            return base::fail(base::Errc::config_bad, "options.member");
        }
        options.*(field->value) = std::string(field->prefix) + value.get<std::string>();
    }
    return {};
}

}  // namespace

base::Result<Options> parse_options(std::span<const char* const> arguments) {
    Options options;
    std::size_t at = 0;
    if (!arguments.empty() && arguments[0][0] != '-') options.command = arguments[at++];
    const std::size_t first = at;
    // The file first, wherever it stands, so that what is typed wins.
    for (; at + 1 < arguments.size(); at += 2) {
        if (std::string_view(arguments[at]) == "--config") {
            TRY_VOID(read_config(arguments[at + 1], options));
        }
    }
    for (at = first; at < arguments.size(); at += 2) {
        const std::string_view name = arguments[at];
        if (!name.starts_with("--") || at + 1 == arguments.size()) {
            return base::fail(base::Errc::config_bad, "options.argument");
        }
        if (name == "--config") continue;
        const Field* field = field_of(name.substr(2));
        if (field == nullptr) return base::fail(base::Errc::config_bad, "options.unknown");
        options.*(field->value) = std::string(field->prefix) + arguments[at + 1];
    }
    if (std::ranges::find(commands, options.command) == std::end(commands)) {
        return base::fail(base::Errc::config_bad, "options.command");
    }
    return options;
}

std::string usage() {
    std::string text =
        "freigabe-backend [serve] --store STORE --tls-ca FILE --tls-cert FILE --tls-key FILE "
        "--receipt-key FILE ...\n"
        "freigabe-backend invite --store STORE --terminal UUID --site TEXT   prints a one-time "
        "code\n"
        "freigabe-backend purge --store STORE [--evidence-days N] [--objection-days N]     deletes "
        "what "
        "has had its time\n"
        "freigabe-backend revoke --store STORE --terminal UUID --reason TEXT   takes it out of "
        "service\n"
        "freigabe-backend backup --db FILE --to FILE   a checked copy beside the running backend\n"
        "freigabe-backend evidence --store STORE --receipt-key FILE --declaration UUID --out DIR\n"
        "  --config FILE      JSON with the names below; the command line wins\n";
    for (const Field& field : fields) {
        text += "  --" + std::string(field.name) + " " + std::string(field.help) + "\n";
    }
    return text;
}

base::Result<http::ListenAddress> parse_address(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) {
        return base::fail(base::Errc::config_bad, "options.address");
    }
    std::string_view host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    const std::string_view digits = text.substr(colon + 1);
    http::ListenAddress address;
    address.host = host;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, address.port);
    if (error != std::errc{} || stop != end)
        return base::fail(base::Errc::config_bad, "options.port");
    return address;
}

base::Result<void> check_keys(RoleSet role, const Options& options) {
    if (role == RoleSet::ingest) {
        if (options.views_key.empty() && options.authority_secrets.empty()) return {};
        return base::fail(base::Errc::config_bad, "options.ingest_with_views_key");
    }
    if (!options.views_key.empty() && !options.authority_secrets.empty()) return {};
    return base::fail(base::Errc::config_bad, "options.views_without_key");
}

base::Result<RoleSet> parse_role(std::string_view text) {
    if (text == "all") return RoleSet::all;
    if (text == "ingest") return RoleSet::ingest;
    if (text == "views") return RoleSet::views;
    return base::fail(base::Errc::config_bad, "options.role");
}

}  // namespace backend
