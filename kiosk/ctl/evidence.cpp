// SPDX-License-Identifier: EUPL-1.2
// `freigabectl evidence`: what a court or a data protection officer does with a bundle that
// `freigabe-backend evidence` wrote. `verify` needs public keys only and shows no person; `open`
// needs the key that declarations are sealed to as well, and prints what was declared. Believes
// nothing in the bundle but what its signatures carry. No network.
#include <cstdio>
#include <filesystem>
#include <string>

#include "drivers/base/limits_evidence.hpp"
#include "drivers/base/secret.hpp"
#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/key_file.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/pki/pem.hpp"
#include "kiosk/ctl/commands.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/options.hpp"
#include "sync/backend/evidence/verify.hpp"
#include "sync/downstream/catalogue_file.hpp"
#include "sync/downstream/trust.hpp"
#include "sync/model/declaration_json.hpp"
#include "sync/model/json.hpp"
#include "sync/model/times.hpp"
#include "sync/seal/jwe.hpp"
#include "sync/seal/scope_tags.hpp"

namespace ctl {
namespace {

namespace fs = std::filesystem;
using base::Errc;

int usage() {
    std::fputs(
        "usage: freigabectl evidence verify DIR KEYS [--json]\n"
        "       freigabectl evidence open DIR KEYS --views-key FILE...\n"
        "  KEYS, which came another way than the bundle:\n"
        "  --trust FILE          a terminal's trust.json; or\n"
        "  --key FILE...         the receipt key, and those before it; SubjectPublicKeyInfo, DER "
        "or PEM\n"
        "  --log-key FILE...     who may sign checkpoints, if not the receipt key\n"
        "  --journal-keys FILE   JWK Set of terminals' journal keys, kid = terminal; without it "
        "those in\n"
        "                        the bundle count, for which the backend vouches\n"
        "  --views-key FILE...   private keys that open the declarations: prints personal data\n"
        "Exit status: 0 genuine, 1 not genuine (or not opened), 2 wrong use.\n",
        stderr);
    return exit_usage;
}

base::Result<crypto::Point> public_key(std::string_view path) {
    TRY(content, read_file(path));
    if (!pki::is_pem(content)) return crypto::parse_public_key(content);
    const auto blocks = pki::from_pem(content);
    if (blocks.empty()) return base::fail(Errc::key_bad, "evidence key");
    return crypto::parse_public_key(blocks.front());
}

base::Result<std::vector<seal::NamedKey>> key_set(std::string_view path) {
    TRY(content, read_file(path));
    TRY(json, model::parse_json(base::as_text(content), content.size()));
    std::vector<seal::NamedKey> out;
    model::JsonFields fields(json);
    for (const model::Json& item : fields.array("keys", limits::evidence_records_max * 8)) {
        TRY(key, seal::parse_public_jwk(item.dump()));
        out.push_back({key.kid, "", key.point});
    }
    if (!fields.ok_with_others()) return base::fail(Errc::key_bad, "evidence key set");
    return out;
}

base::Result<backend::EvidenceKeys> keys_of(const Options& options) {
    backend::EvidenceKeys keys;
    if (const auto path = options.value("--trust")) {
        TRY(text, read_file(*path));
        TRY(trust, downstream::parse_trust(base::as_text(text)));
        keys.receipts = std::move(trust.more_receipts);
        keys.receipts.push_back(std::move(trust.receipts.point));
        keys.log = std::move(trust.log);
    }
    for (const auto path : options.values("--key")) {
        TRY(key, public_key(path));
        keys.receipts.push_back(std::move(key));
    }
    for (const auto path : options.values("--log-key")) {
        TRY(key, public_key(path));
        keys.log.push_back(std::move(key));
    }
    if (const auto path = options.value("--journal-keys")) {
        TRY(journal, key_set(*path));
        keys.journal = std::move(journal);
    }
    return keys;
}

/// Plain files only: a link in a bundle from elsewhere could lead anywhere.
base::Result<backend::Bundle> read_bundle(const fs::path& folder) {
    backend::Bundle out;
    std::error_code error;
    for (auto it = fs::recursive_directory_iterator(folder, error);
         !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
        const fs::file_status status = it->symlink_status(error);
        if (error) break;
        if (fs::is_directory(status)) continue;
        const std::string name = it->path().lexically_relative(folder).string();
        if (!fs::is_regular_file(status) || name.size() > limits::evidence_name_bytes_max ||
            out.size() == limits::evidence_files_max)
            return base::fail(Errc::record_bad, "evidence folder");
        TRY(content, read_file(it->path().string(), limits::evidence_file_bytes_max));
        out.emplace(name, base::as_text(content));
    }
    if (error)
        return base::fail(Errc::file_io, "evidence folder",
                          static_cast<std::uint32_t>(error.value()));
    return out;
}

std::string record_json(const backend::EvidenceRecord& record) {
    return model::JsonWriter()
        .text("declaration", base::to_text(record.scopes.declaration))
        .text("kind", model::word(record.header.kind))
        .bytes("leaf", record.leaf)
        .text("terminal", base::to_text(record.header.key.terminal))
        .number("epoch", record.header.key.epoch)
        .number("seq", record.header.key.seq)
        .text("recorded", model::to_rfc3339(record.header.time.wall_ms))
        .number("log_index", record.log_index)
        .boolean("on_chain", record.on_chain)
        .text("terminal_key", record.terminal_key_given ? "given" : "vouched for by the backend")
        .done();
}

std::string report_json(const backend::EvidenceReport& report) {
    std::vector<std::string> records;
    std::vector<std::string> effects;
    std::vector<std::string> statuses;
    for (const auto& record : report.records) records.push_back(record_json(record));
    for (const auto& each : report.effects)
        effects.push_back(
            model::JsonWriter()
                .number("record", each.part_of)
                .number("part", each.part)
                .number("by", each.act)
                .text("effect", each.effect == backend::Effect::ends ? "ends" : "suspends")
                .done());
    for (const auto& said : report.statuses)
        statuses.push_back(model::JsonWriter()
                               .text("declaration", base::to_text(said.declaration))
                               .text("authority", said.authority.get())
                               .text("state", receipts::word(said.state))
                               .text("at", model::to_rfc3339(said.at_ms))
                               .done());
    return model::JsonWriter()
        .boolean("ok", true)
        .text("issuer", report.about.issuer)
        .text("declaration", base::to_text(report.about.declaration))
        .text("made", model::to_rfc3339(report.about.made_ms))
        .number("log_size", report.about.log_size)
        .boolean("catalogue", report.has_catalogue)
        .raw("records", model::json_array(records))
        .raw("effects", model::json_array(effects))
        .raw("statuses", model::json_array(statuses))
        .done();
}

void print_report(const backend::EvidenceReport& report) {
    std::printf("genuine   %s, log of %llu records, as of %s\n", report.about.issuer.c_str(),
                static_cast<unsigned long long>(report.about.log_size),
                model::to_rfc3339(report.about.made_ms).c_str());
    std::size_t number = 0;
    for (const auto& record : report.records)
        std::printf("%-9zu %s %s, recorded %s, log place %llu%s%s\n", ++number,
                    std::string(model::word(record.header.kind)).c_str(),
                    base::to_text(record.scopes.declaration).c_str(),
                    model::to_rfc3339(record.header.time.wall_ms).c_str(),
                    static_cast<unsigned long long>(record.log_index),
                    record.on_chain ? "" : ", not on its chain",
                    record.terminal_key_given ? "" : ", terminal key as the backend says");
    for (const auto& each : report.effects)
        std::printf("effect    record %zu %s part %zu of record %zu\n", each.act,
                    each.effect == backend::Effect::ends ? "ended" : "suspended", each.part + 1,
                    each.part_of);
    for (const auto& said : report.statuses)
        std::printf("status    %s: %s, %s\n", said.authority.get().c_str(),
                    std::string(receipts::word(said.state)).c_str(),
                    model::to_rfc3339(said.at_ms).c_str());
}

base::Result<std::vector<crypto::KeyPair>> views_keys(const Options& options) {
    std::vector<crypto::KeyPair> out;
    for (const auto path : options.values("--views-key")) {
        TRY(content, read_file(path));
        auto key = crypto::parse_private_key(content);
        base::wipe(content);
        if (!key) return tl::unexpected(key.error());
        out.push_back(std::move(*key));
    }
    return out;
}

/// The entry whose text was shown, out of the catalogue in the bundle if it is that very one.
std::string entry_json(const backend::Bundle& bundle, const model::Declaration& declaration) {
    const auto file = bundle.find("catalogue.jws");
    if (file == bundle.end() || !declaration.entry) return {};
    const auto payload = downstream::catalogue_payload(file->second);
    if (!payload || crypto::sha256(*payload) != declaration.entry->catalogue_hash) return {};
    const auto json = model::parse_json(base::as_text(*payload), payload->size());
    if (!json || !json->contains("entries")) return {};
    for (const model::Json& entry : (*json)["entries"])
        if (entry.is_object() && entry.value("id", "") == declaration.entry->id.get())
            return entry.dump();
    return {};
}

base::Result<void> open_record(const backend::Bundle& bundle, std::size_t number,
                               const std::vector<crypto::KeyPair>& keys) {
    const std::string folder = backend::record_folder(number);
    crypto::SystemRandom random;
    for (const crypto::KeyPair& key : keys) {
        auto plain = seal::open_jwe(bundle.at(folder + "jwe"), key, random);
        if (!plain) continue;
        const auto declaration = model::parse_declaration(base::as_text(*plain));
        if (!declaration) return tl::unexpected(declaration.error());
        const base::Bytes scopes = model::encode(seal::scopes_of(*declaration));
        model::JsonWriter out;
        out.number("record", number)
            .boolean("agrees", base::as_text(scopes) == bundle.at(folder + "scopes"))
            .raw("declaration", base::as_text(*plain));
        if (const std::string entry = entry_json(bundle, *declaration); !entry.empty())
            out.raw("entry", entry);
        std::printf("%s\n", out.done().c_str());
        base::wipe(*plain);
        return {};
    }
    return base::fail(Errc::open_failed, "evidence jwe", static_cast<std::uint32_t>(number));
}

base::Result<void> run(const Options& options) {
    TRY(keys, keys_of(options));
    TRY(bundle, read_bundle(fs::path(options.words()[1])));
    TRY(report, backend::verify_evidence(bundle, keys));
    if (options.words()[0] == "open") {
        TRY(views, views_keys(options));
        for (std::size_t number = 1; number <= report.records.size(); ++number)
            TRY_VOID(open_record(bundle, number, views));
        return {};
    }
    if (options.has("--json")) {
        std::printf("%s\n", report_json(report).c_str());
    } else {
        print_report(report);
    }
    return {};
}

}  // namespace

int evidence(Arguments arguments) {
    const auto options = Options::parse(arguments, {{"--trust", Takes::value},
                                                    {"--key", Takes::list},
                                                    {"--log-key", Takes::list},
                                                    {"--journal-keys", Takes::value},
                                                    {"--views-key", Takes::list},
                                                    {"--json", Takes::nothing},
                                                    {"--help", Takes::nothing}});
    if (!options || options->has("--help")) return usage();
    const auto& words = options->words();
    if (words.size() != 2 || (words[0] != "verify" && words[0] != "open")) return usage();
    if (options->has("--trust") == options->has("--key")) return usage();
    if ((words[0] == "open") != options->has("--views-key")) return usage();
    if (const auto done = run(*options); !done) {
        print_error(done.error());
        return exit_failed;
    }
    return exit_ok;
}

}  // namespace ctl
