// SPDX-License-Identifier: EUPL-1.2
// `freigabectl log verify`: an auditor's look at a backend's log. Believes nothing but the key:
// builds the tree anew from the leaves (or the entries), compares it with the signed checkpoint,
// every inner tile and any older checkpoint that somebody kept.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "drivers/crypto/key_file.hpp"
#include "drivers/pki/pem.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/log_source.hpp"
#include "sync/downstream/trust.hpp"
#include "sync/model/json.hpp"
#include "sync/receipts/checkpoint.hpp"
#include "sync/receipts/frontier.hpp"
#include "sync/receipts/tile_path.hpp"

namespace ctl {
namespace {

using base::Errc;
using receipts::Checkpoint;
using receipts::Hash;
using receipts::tile_width;
using receipts::TileName;

constexpr std::size_t hash_bytes = 32;

int usage() {
    std::fputs(
        "usage: freigabectl log verify (--url URL --tls-ca FILE --tls-cert FILE --tls-key FILE\n"
        "         [--server-name NAME] | --dir DIR) (--trust FILE | --key FILE...)\n"
        "         [--entries] [--since FILE...] [--compare FILE...] [--save DIR] [--json]\n"
        "  --dir DIR       the pieces as files: checkpoint, tile/0/000 ... (--save makes such)\n"
        "  --trust FILE    a terminal's trust.json; or\n"
        "  --key FILE      the log's public key, SubjectPublicKeyInfo, DER or PEM\n"
        "  --entries       build the tree from the entries themselves (an auditor's certificate)\n"
        "  --since FILE    older checkpoints that somebody kept: the log must still contain them\n"
        "  --compare FILE  checkpoints that others hold (freigabectl journal checkpoint): if one "
        "is not\n"
        "                  of this log, somebody was shown another, and both notes are the proof\n"
        "  --save DIR      keep what was fetched\n"
        "Exit status: 0 the log is whole, 1 it is not (or could not be fetched), 2 wrong use.\n",
        stderr);
    return exit_usage;
}

struct Finding {
    std::uint64_t size = 0;
    Hash root{};
    std::string origin;
    std::size_t older = 0;    ///< checkpoints that it contains
    const char* broken = "";  ///< what does not fit; empty = whole
    std::uint64_t broken_at = 0;
    std::size_t compared = 0;  ///< checkpoints of others that are of this log
    std::string note;          ///< the log's own
    std::string other;         ///< a note that cannot be of this log; empty = none
};

/// A checkpoint that the log must contain.
struct Known {
    Checkpoint checkpoint;
    std::string note;
    bool of_others = false;
};

base::Result<crypto::Point> public_key(std::string_view path) {
    TRY(content, read_file(path));
    if (!pki::is_pem(content)) return crypto::parse_public_key(content);
    const auto blocks = pki::from_pem(content);
    if (blocks.empty()) return base::fail(Errc::key_bad, "log key");
    return crypto::parse_public_key(blocks.front());
}

/// Who may sign: one key, or while it is exchanged several.
base::Result<std::vector<crypto::Point>> log_keys(const Options& options) {
    std::vector<crypto::Point> keys;
    if (const auto trust_path = options.value("--trust")) {
        TRY(text, read_file(*trust_path));
        TRY(trust, downstream::parse_trust(base::as_text(text)));
        if (!trust.log.empty()) return std::move(trust.log);
        keys = std::move(trust.more_receipts);
        keys.push_back(std::move(trust.receipts.point));
        return keys;
    }
    for (const auto path : options.values("--key")) {
        TRY(key, public_key(path));
        keys.push_back(std::move(key));
    }
    return keys;
}

/// Reads a log from its first record to its last, once.
class Audit {
  public:
    Audit(LogSource& source, Finding& out) : source_(source), out_(out) {}

    /// older  sorted by size.
    base::Result<void> run(const Checkpoint& now, const std::vector<Known>& older, bool entries) {
        pending_.resize(receipts::tile_levels);
        auto next_older = older.begin();
        for (std::uint64_t n = 0; n * tile_width < now.head.size; ++n) {
            const auto width = static_cast<unsigned>(
                std::min<std::uint64_t>(tile_width, now.head.size - n * tile_width));
            TRY(leaves, leaves_of({0, n, width}, entries));
            if (leaves.size() != width) return broken("a tile of another size", n * tile_width);
            for (const Hash& leaf : leaves) {
                while (next_older != older.end() &&
                       next_older->checkpoint.head.size == tree_.size())
                    if (!contains(*next_older++)) return {};
                tree_.append(leaf);
            }
            if (width == tile_width) TRY_VOID(climb(1, n, receipts::tree_hash(leaves)));
            if (*out_.broken != '\0') return {};
        }
        for (; next_older != older.end(); ++next_older)
            if (!contains(*next_older)) return {};
        if (tree_.root() != now.head.root)
            return broken("the root of the checkpoint", tree_.size());
        return partial_tiles(now.head.size);
    }

  private:
    base::Result<void> broken(const char* what, std::uint64_t at) {
        out_.broken = what;
        out_.broken_at = at;
        return {};
    }

    bool contains(const Known& known) {
        const receipts::TreeHead& head = known.checkpoint.head;
        if (head.size == tree_.size() && head.root == tree_.root()) {
            ++(known.of_others ? out_.compared : out_.older);
            return true;
        }
        // One that is larger than the log we were shown was verified by somebody, too.
        (void)broken(known.of_others
                         ? "a checkpoint that somebody else holds: another log was shown to them"
                         : "an older checkpoint: records were changed or taken out",
                     head.size);
        out_.other = known.note;
        return false;
    }

    base::Result<std::vector<Hash>> hashes(const TileName& name) {
        TRY(body, source_.fetch(receipts::to_path(name)));
        std::vector<Hash> out(body.size() / hash_bytes);
        if (body.size() % hash_bytes != 0) out.clear();
        for (std::size_t i = 0; i < out.size(); ++i)
            std::copy_n(body.begin() + static_cast<std::ptrdiff_t>(i * hash_bytes), hash_bytes,
                        out[i].begin());
        return out;
    }

    base::Result<std::vector<Hash>> leaves_of(const TileName& name, bool entries) {
        TRY(leaves, hashes(name));
        if (!entries) return std::move(leaves);
        TRY(bundle, source_.fetch(receipts::to_path({std::nullopt, name.n, name.width})));
        base::ByteView rest = base::as_bytes(bundle);
        for (std::size_t i = 0; i < leaves.size(); ++i) {
            const std::size_t size = rest.size() < 2 ? rest.size() : base::read_u16(rest);
            const bool whole = rest.size() >= 2 && rest.size() - 2 >= size;
            if (!whole || receipts::leaf_hash(rest.subspan(2, size)) != leaves[i]) {
                TRY_VOID(broken("an entry that is not its leaf", name.n * tile_width + i));
                break;
            }
            rest = rest.subspan(2 + size);
        }
        return std::move(leaves);
    }

    /// A finished node goes up; a full tile of nodes must be the one that the log serves.
    base::Result<void> climb(unsigned level, std::uint64_t n, Hash node) {
        for (; level < receipts::tile_levels; ++level) {
            auto& tile = pending_[level];
            tile.push_back(node);
            if (tile.size() < tile_width) return {};
            TRY(served, hashes({level, n / tile_width, tile_width}));
            if (served != tile) return broken("an inner tile", n * tile_width);
            node = receipts::tree_hash(tile);
            tile.clear();
            n /= tile_width;
        }
        return {};
    }

    base::Result<void> partial_tiles(std::uint64_t size) {
        for (unsigned level = 1; level < receipts::tile_levels; ++level) {
            const auto& tile = pending_[level];
            if (tile.empty()) continue;
            const std::uint64_t nodes = size >> 8 * level;
            TRY(served, hashes({level, nodes / tile_width, static_cast<unsigned>(tile.size())}));
            if (served != tile) return broken("an inner tile", nodes);
        }
        return {};
    }

    LogSource& source_;
    Finding& out_;
    receipts::MerkleFrontier tree_;
    std::vector<std::vector<Hash>> pending_;  ///< nodes of the tile that each level is filling
};

base::Result<std::vector<Known>> known_checkpoints(const Options& options,
                                                   const std::vector<crypto::Point>& keys,
                                                   const Checkpoint& now) {
    std::vector<Known> out;
    for (const char* option : {"--since", "--compare"}) {
        for (const auto path : options.values(option)) {
            TRY(text, read_file(path));
            const std::string note(base::as_text(text));
            TRY(checkpoint, receipts::verify_checkpoint_any(note, keys));
            if (checkpoint.origin != now.origin)
                return base::fail(Errc::receipt_bad, "checkpoint of another log");
            out.push_back({std::move(checkpoint), note, option == std::string_view("--compare")});
        }
    }
    std::ranges::sort(out, {}, [](const Known& each) { return each.checkpoint.head.size; });
    return out;
}

base::Result<Finding> verify(const Options& options) {
    TRY(keys, log_keys(options));
    std::unique_ptr<LogSource> source;
    if (const auto folder = options.value("--dir")) {
        source = folder_source(std::string(*folder));
    } else {
        TRY(opened, backend_source(options));
        source = std::move(opened);
    }
    if (const auto folder = options.value("--save"))
        source = saving_source(std::move(source), std::string(*folder));
    TRY(note, source->fetch("checkpoint"));
    TRY(now, receipts::verify_checkpoint_any(note, keys));
    TRY(older, known_checkpoints(options, keys, now));
    Finding out;
    out.size = now.head.size;
    out.root = now.head.root;
    out.origin = now.origin;
    out.note = note;
    TRY_VOID(Audit(*source, out).run(now, older, options.has("--entries")));
    return out;
}

void print(const Finding& finding, bool json) {
    if (json) {
        model::JsonWriter out;
        out.boolean("ok", *finding.broken == '\0')
            .text("origin", finding.origin)
            .number("size", finding.size)
            .bytes("root", finding.root)
            .number("older_checkpoints", finding.older)
            .number("compared", finding.compared);
        if (*finding.broken != '\0')
            out.text("broken", finding.broken).number("broken_at", finding.broken_at);
        if (!finding.other.empty()) out.texts("proof", {finding.note, finding.other});
        std::printf("%s\n", out.done().c_str());
        return;
    }
    std::printf("log       %s\nrecords   %llu\n", finding.origin.c_str(),
                static_cast<unsigned long long>(finding.size));
    if (*finding.broken != '\0') {
        std::printf("BROKEN    %s, at %llu\n", finding.broken,
                    static_cast<unsigned long long>(finding.broken_at));
        if (!finding.other.empty())
            std::printf("\nThese two, both signed, cannot be of one log:\n\n%s\n%s",
                        finding.note.c_str(), finding.other.c_str());
        return;
    }
    std::printf(
        "whole     root and signature fit; %zu older checkpoints are in it, and %zu that "
        "others hold\n",
        finding.older, finding.compared);
}

}  // namespace

int log(Arguments arguments) {
    const auto options = Options::parse(arguments, {{"--url", Takes::value},
                                                    {"--tls-ca", Takes::value},
                                                    {"--tls-cert", Takes::value},
                                                    {"--tls-key", Takes::value},
                                                    {"--server-name", Takes::value},
                                                    {"--dir", Takes::value},
                                                    {"--trust", Takes::value},
                                                    {"--key", Takes::list},
                                                    {"--entries", Takes::nothing},
                                                    {"--since", Takes::list},
                                                    {"--compare", Takes::list},
                                                    {"--save", Takes::value},
                                                    {"--json", Takes::nothing},
                                                    {"--help", Takes::nothing}});
    if (!options || options->has("--help")) return usage();
    const auto& words = options->words();
    if (words.size() != 1 || words[0] != "verify") return usage();
    const bool online = options->has("--url") && options->has("--tls-ca") &&
                        options->has("--tls-cert") && options->has("--tls-key");
    if (online == options->has("--dir")) return usage();
    if (options->has("--trust") == options->has("--key")) return usage();
    const auto finding = verify(*options);
    if (!finding) {
        print_error(finding.error());
        return exit_failed;
    }
    print(*finding, options->has("--json"));
    return *finding->broken == '\0' ? exit_ok : exit_failed;
}

}  // namespace ctl
