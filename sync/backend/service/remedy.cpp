// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/remedy.hpp"

#include <filesystem>
#include <system_error>

#include "drivers/base/limits.hpp"
#include "drivers/base/wipe_guard.hpp"
#include "drivers/keys/private_file.hpp"
#include "sync/backend/authorities/directory.hpp"
#include "sync/backend/log/log_names.hpp"
#include "sync/backend/service/key_files.hpp"
#include "sync/backend/store/open.hpp"
#include "sync/model/json_wipe.hpp"

namespace backend {
namespace {

using std::string;
using std::string_view;
using Value = string Options::*;

struct FileOption {
    string_view name;
    Value value;
    keys::Access access;
    bool key;  ///< P-256 keys of ours, perhaps several
};
constexpr auto secret = keys::Access::owner_only;
constexpr auto open_to_all = keys::Access::everyone;
constexpr FileOption file_options[] = {
    {"receipt-key", &Options::receipt_key, secret, true},
    {"checkpoint-key", &Options::checkpoint_key, secret, true},
    {"views-key", &Options::views_key, secret, true},
    {"authority-secrets", &Options::authority_secrets, secret, false},
    {"fitconnect", &Options::fitconnect, secret, false},
    {"fitconnect-ca", &Options::fitconnect_ca, open_to_all, false},
    {"tls-ca", &Options::tls_ca, open_to_all, false},
    {"tls-cert", &Options::tls_cert, open_to_all, false},
    {"tls-key", &Options::tls_key, secret, false},
    {"names", &Options::names, open_to_all, false},
    {"terminals", &Options::terminals, open_to_all, false},
    {"catalogue", &Options::catalogue, open_to_all, false},
};

/// What a fixed word of an error means for who typed the command.
struct Remedy {
    string_view where;
    string_view text;
};
constexpr Remedy remedies[] = {
    {"options.issuer",
     "--issuer: give a name of 1 to 255 visible ASCII characters without blank and plus, such as\n"
     "urn:freigabe:backend. It stands in every checkpoint of the log (C2SP signed-note).\n"},
    {"options.role", "--role is one of ingest, views and all.\n"},
    {"options.address",
     "--listen, --plain-listen, --metrics-listen: give HOST:PORT, [::1]:PORT.\n"},
    {"options.port",
     "--listen, --plain-listen, --metrics-listen: the port is a number to 65535.\n"},
    {"options.ingest_with_views_key",
     "--role ingest must not be given --views-key or --authority-secrets: leave both out.\n"},
    {"options.views_without_key",
     "--views-key and --authority-secrets are needed: give both files, or --role ingest.\n"},
    {"store.form", "--store: give sqlite:FILE or postgresql://USER@HOST/DATABASE.\n"},
    {"store.password_in_address",
     "--store: no password in the address, everybody reads it in the list of processes: put it\n"
     "into ~/.pgpass.\n"},
    {"store.address", "--store: libpq does not read this address.\n"},
    {"purge.days",
     "--evidence-days: a number from 1098 to 10980; --objection-days: from 1 to 181.\n"},
    {"purge.clock",
     "The clock is more than 31 days ahead of the last word of any terminal, and what is deleted\n"
     "is gone. If its date is right, say it: --today YYYY-MM-DD. Else set the clock.\n"},
    {"purge.today",
     "--today is not the day of this computer's clock (UTC): one of them is wrong.\n"},
    {"revoke.not_enrolled",
     "--terminal: no terminal of this UUID has been enrolled in this database. Is it the right\n"
     "one, and --store too? The UUID stands on the device's doctor page.\n"},
    {"revoke.options", "--terminal: give the terminal's UUID.\n"},
    {"revoke.reason", "--reason: give a reason, 1 to 128 bytes, for your own records.\n"},
    {"invite.options",
     "Give --site TEXT (1 to 128 bytes), and --terminal UUID or --terminals FILE.\n"},
    {"invite.terminal", "--terminal: give the terminal's UUID.\n"},
    {"invite.terminals", "--terminals: one UUID a line, and nothing else in the file.\n"},
    {"invite.terminal_in_use",
     "invite: a UUID that has recorded or was revoked is not invited again: a new\n"
     "device gets a new UUID (operations.md, \"A new device\")\n"},
    {"invite.revoked_terminal",
     "invite: a UUID that has recorded or was revoked is not invited again: a new\n"
     "device gets a new UUID (operations.md, \"A new device\")\n"},
    {"evidence.options", "Give --declaration UUID and --out DIR.\n"},
    {"evidence.folder",
     "--out: give a folder that is not there yet, in one that can be written.\n"},
    {"evidence.unknown_declaration",
     "--declaration: this database has no such declaration. Is --store the right one?\n"},
    {"evidence.content_lost",
     "--declaration: its content is no longer kept: its time is over, or a terminal had let go of\n"
     "it before a backup was restored.\n"},
    {"backup.options", "Give --db FILE (the database) and --to FILE (not there yet).\n"},
    {"backend.key_list", "A list of keys is FILE or FILE,FILE: at most eight, no name empty.\n"},
};

/// In words, of an error whose detail is an errno.
string reason_of(const base::Error& error) {
    return std::generic_category().message(static_cast<int>(error.detail));
}

string in_option(const FileOption& option, string_view file) {
    return "--" + string(option.name) + " " + string(file) + ": ";
}

/// Why this one file cannot be used; empty if it can.
string fault_of(const FileOption& option, const string& file) {
    auto content = keys::read_file(file, limits::config_bytes_max, option.access);
    if (content) {
        const base::WipeGuard wiped(*content);
        if (!option.key || read_p256_key(file)) return {};
        return in_option(option, file) +
               "no P-256 key in it. Make one: freigabectl pki key --curve P-256 --out FILE\n";
    }
    const base::Error& error = content.error();
    if (error.code == base::Errc::key_bad)
        return in_option(option, file) +
               "others may read it, or it is somebody else's: chown it to this user, chmod 600.\n";
    if (error.code == base::Errc::message_too_large)
        return in_option(option, file) + "the file is too large to be what is wanted here.\n";
    return in_option(option, file) + reason_of(error) +
           ". Is the name right, and may this user read it?\n";
}

/// The first file of the options that cannot be used.
string unusable_file(const Options& options) {
    for (const FileOption& option : file_options) {
        string_view rest = options.*option.value;
        while (!rest.empty()) {
            const auto comma = option.key ? rest.find(',') : string_view::npos;
            if (string fault = fault_of(option, string(rest.substr(0, comma))); !fault.empty())
                return fault;
            rest = comma == string_view::npos ? string_view() : rest.substr(comma + 1);
        }
    }
    const bool serves = options.command == "serve";
    if (options.receipt_key.empty() && (serves || options.command == "evidence"))
        return "--receipt-key FILE is missing: it signs receipts.\n";
    if (serves && (options.tls_ca.empty() || options.tls_cert.empty() || options.tls_key.empty()))
        return "--tls-ca, --tls-cert and --tls-key are needed: give all three files.\n";
    return {};
}

/// Which authority of the file it is: the first that is refused when it stands alone.
string refused_authority(const Options& options) {
    const string start = "--authority-secrets " + options.authority_secrets + ": ";
    auto text = keys::read_file(options.authority_secrets, limits::config_bytes_max, secret);
    if (!text) return start + "cannot be read.\n";
    const base::WipeGuard wiped(*text);
    auto json = model::parse_json(base::as_text(*text), limits::config_bytes_max);
    if (!json) return start + "is no JSON, or has a member twice.\n";
    const model::JsonWipe wiped_tree(*json);
    if (!json->is_object()) return start + "is no JSON object {id: {name, secret}}.\n";
    for (const auto& [id, value] : json->items()) {
        model::Json one = model::Json::object();
        const model::JsonWipe wiped_one(one);
        one[id] = value;
        string alone = one.dump();
        const bool good = Directory().add_authorities(alone).has_value();
        base::wipe_memory(alone.data(), alone.size());
        if (good) continue;
        string said = start;
        said.append("authority \"")
            .append(id)
            .append(
                "\" is refused. An id is 1 to 64 of A-Z a-z 0-9 . _ - (and not - alone); its "
                "members\n"
                "are name, secret (32 to 64 bytes in base64url) and, if wanted, webhook and\n"
                "slip_key (a P-256 JWK), nothing else.\n");
        return said;
    }
    return start + "cannot be used.\n";
}

string about_listening(const base::Error& error, const Options& options) {
    string text = "--listen " + options.listen;
    if (!options.plain_listen.empty()) text += ", --plain-listen " + options.plain_listen;
    if (!options.metrics_listen.empty()) text += ", --metrics-listen " + options.metrics_listen;
    return text + ": " + reason_of(error) +
           ". Give an address of this computer and a port that no\nother program has (ss -ltnp "
           "shows them).\n";
}

string about_database(const Options& options) {
    const string file = sqlite_file(options.store);
    if (file.empty())
        return "--store: the database does not answer as it should. Is the server up, may this "
               "user\n"
               "come in, and is the schema ours?\n";
    return "--store sqlite:" + file +
           ": cannot be opened as our database. Is the name right, is the folder there and\n"
           "writable, and is it not of a newer version?\n";
}

}  // namespace

string remedy_for(const base::Error& error, const Options& options) {
    const string_view where = error.where;
    if (string later = remedy_of(error); !later.empty()) return later;
    if (where == "store.missing")
        return "no database at " + sqlite_file(options.store) +
               ": only serve and invite make one. Is the name in --store or --db right?\n";
    for (const Remedy& remedy : remedies)
        if (remedy.where == where) return string(remedy.text);
    if (where == "directory.names")
        return "--names " + options.names + ": is no JSON {\"entries\":{}, \"authorities\":{}}.\n";
    if (where.starts_with("directory.")) return refused_authority(options);
    if (where.starts_with("fitconnect."))
        return "--fitconnect " + options.fitconnect +
               ": its form is in sync/backend/fitconnect/account.hpp; refused: " + string(where) +
               "\n";
    if (error.code == base::Errc::network_unreachable) return about_listening(error, options);
    if (string file = unusable_file(options); !file.empty()) return file;
    if (error.code == base::Errc::certificate_bad || where.starts_with("tls"))
        return "--tls-ca, --tls-cert, --tls-key: one is no certificate or key (PEM or DER), or "
               "key\n"
               "and certificate do not belong together. openssl x509 -in FILE shows one.\n";
    if (error.code == base::Errc::journal_open_failed) return about_database(options);
    if (error.code == base::Errc::file_io && options.command == "backup")
        return "--to " + options.to + ": " + reason_of(error) +
               ". Give a file that is not there yet, in a folder that can be written.\n";
    if (error.code == base::Errc::file_io && !options.port_file.empty())
        return "--port-file " + options.port_file + ": " + reason_of(error) + ".\n";
    return options.command +
           " has failed; the line below says at which step. Try it again, and ask\n"
           "the developers with that line if it stays.\n";
}

string remedy_for_arguments(std::span<const char* const> arguments) {
    const string known = usage() + "  --config ";
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const string_view name = arguments[i];
        if (i == 0 && !name.starts_with('-')) {
            if (known.find("freigabe-backend " + string(name) + " ") == string::npos &&
                name != "serve")
                return "There is no command " + string(name) + ".\n";
            continue;
        }
        if (!name.starts_with("--"))
            return "An option was expected in place of " + string(name) + ".\n";
        if (known.find("  " + string(name) + " ") == string::npos)
            return "There is no option " + string(name) + ".\n";
        if (++i == arguments.size()) return string(name) + ": its value is missing.\n";
        if (name == "--config" &&
            !keys::read_file(arguments[i], limits::config_bytes_max, open_to_all))
            return "--config " + string(arguments[i]) + ": cannot be read.\n";
    }
    return "--config: is no JSON object, or has an option that there is not, or not as text.\n";
}

}  // namespace backend
