#!/bin/sh
':' //; export MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=131072 MALLOC_MMAP_THRESHOLD_=131072; exec node -- "$0" "$@"

// A shell runs the line above, and JavaScript takes it for a text and a comment. The two dashes keep Node from taking
// --env-file, which is ours, for its own; BusyBox and OpenBSD have no env -S that could pass them. glibc reads the
// variables at the start. One heap for all threads takes 14 MB less in a pass. Fixed thresholds give freed memory back at
// once, instead of keeping it for blocks as large as the largest so far: 31 MB in a pass of 200,000 contracts.
// Plain JavaScript of the oldest kind, so that any Node gets far enough to say which one is needed.
var version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 12)) {
  process.stderr.write(
    'hangarbay needs Node.js 22.12 or newer; this is ' + process.versions.node + ' (' + process.execPath + ')\n',
  );
  process.exitCode = 1;
} else {
  keepCompiledCode();
  import('../dist/cli.js').then(function (program) {
    return program.main(process.argv);
  });
}

/** Node compiles the program once instead of at each start. Without a folder for the result, it does without. */
function keepCompiledCode() {
  var configured = process.env.XDG_CACHE_HOME;
  var home = process.env.HOME;
  // Relative paths are ignored, as the XDG base directory specification requires.
  var caches = isAbsolute(configured) ? configured : isAbsolute(home) && home + '/.cache';
  if (caches && isFolder(caches) && isFolder(caches + '/hangarbay') && isOurs(caches + '/hangarbay')) {
    process.getBuiltinModule('module').enableCompileCache(caches + '/hangarbay');
  }
}

function isAbsolute(path) {
  return path !== undefined && path.charAt(0) === '/';
}

/** Whether a folder exists or could be created. A parent is not created: users of services may have no home. */
function isFolder(path) {
  try {
    process.getBuiltinModule('fs').mkdirSync(path, { mode: 448 });
    return true;
  } catch (error) {
    return error.code === 'EEXIST';
  }
}

/** Whether nobody else can write there: Node trusts the compiled code, and sudo may keep another user's HOME. */
function isOurs(path) {
  // A symbolic link has mode 777.
  var stats = process.getBuiltinModule('fs').lstatSync(path);
  return stats.uid === process.geteuid() && (stats.mode & 18) === 0;
}
